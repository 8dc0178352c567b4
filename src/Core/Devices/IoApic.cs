using System.Numerics;
using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;

namespace Ember.Core.Devices;

/// <summary>
/// The I/O APIC (Intel 82093AA data sheet, order 290566) with 24 inputs. Inputs are logical levels: the polarity bit is kept
/// and has no effect.
/// </summary>
public struct IoApic
{
    /// <summary>Guest-physical address of its 4 KiB window.</summary>
    public const ulong Base = 0xFEC0_0000;

    /// <summary>Number of inputs.</summary>
    public const int Pins = 24;

    // Offsets in the window, section 3.1.
    private const int RegisterSelect = 0x00;
    private const int Window = 0x10;

    // Indirect registers, section 3.2.
    private const int Identification = 0x00;
    private const int Version = 0x01;
    private const int Arbitration = 0x02;
    private const int RedirectionTable = 0x10;
    private const uint VersionValue = ((Pins - 1) << 16) | 0x11;

    // Redirection table entry, section 3.2.4. Delivery status and remote IRR are read-only.
    private const uint LogicalBit = 1 << 11;
    private const uint RemoteIrrBit = 1 << 14;
    private const uint LevelBit = 1 << 15;
    private const uint MaskBit = 1 << 16;
    private const uint LowWritable = 0x1_AFFF;
    private const uint HighWritable = 0xFF00_0000;

    [InlineArray(Pins)]
    private struct Entries
    {
        private ulong _first;
    }

    private Entries _entries;

    // One bit a pin.
    private uint _lines;
    private uint _edges;
    private uint _level;
    private uint _unmasked;
    private uint _remoteIrr;
    private uint _identification;
    private byte _select;

    /// <summary>The state after reset: every input masked.</summary>
    public void Initialize()
    {
        this = default;
        for (int i = 0; i < Pins; i++)
        {
            _entries[i] = MaskBit;
        }
    }

    /// <summary>Pins with an interrupt to deliver, one bit each.</summary>
    public readonly uint Deliverable
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ((_edges & ~_level) | (_lines & _level & ~_remoteIrr)) & _unmasked;
    }

    /// <summary>Drives an input. An edge at a masked input is lost, as section 3.2.4 says.</summary>
    public void SetLine(int pin, bool asserted)
    {
        uint bit = 1u << pin;
        if (!asserted)
        {
            _lines &= ~bit;
        }
        else if ((_lines & bit) == 0)
        {
            _lines |= bit;
            _edges |= bit & _unmasked & ~_level;
        }
    }

    /// <summary>The message that a pin sends.</summary>
    public readonly InterruptMessage MessageOf(int pin)
    {
        ulong entry = _entries[pin];
        return new InterruptMessage
        {
            Destination = (uint)(entry >> 56),
            Vector = (byte)entry,
            Mode = (DeliveryMode)((entry >> 8) & 7),
            Logical = (entry & LogicalBit) != 0,
            Level = (entry & LevelBit) != 0,
        };
    }

    /// <summary>Notes that a local APIC took the message of a pin.</summary>
    public void Accepted(int pin)
    {
        uint bit = 1u << pin;
        _edges &= ~bit;
        _remoteIrr |= bit & _level;
    }

    /// <summary>
    /// The end-of-interrupt broadcast of a local APIC: level-triggered pins with this vector may interrupt again.
    /// </summary>
    [LoopBound(Pins, "pins, one bit each")]
    public void EndOfInterrupt(byte vector)
    {
        for (uint waiting = _remoteIrr; waiting != 0; waiting &= waiting - 1)
        {
            int pin = BitOperations.TrailingZeroCount(waiting);
            if ((byte)_entries[pin] == vector)
            {
                _remoteIrr &= ~(1u << pin);
            }
        }
    }

    /// <summary>Reads the window.</summary>
    /// <param name="offset">Offset in the window; what is not a register reads 0.</param>
    public readonly uint Read(int offset) => offset switch
    {
        RegisterSelect => _select,
        Window => ReadRegister(),
        _ => 0,
    };

    /// <summary>Writes the window.</summary>
    /// <param name="offset">Offset in the window; what is not a register ignores the write.</param>
    /// <param name="value">Any value.</param>
    public void Write(int offset, uint value)
    {
        if (offset == RegisterSelect)
        {
            _select = (byte)value;
        }
        else if (offset == Window)
        {
            WriteRegister(value);
        }
    }

    private readonly uint ReadRegister()
    {
        int pin = (_select - RedirectionTable) >> 1;
        if ((uint)pin < Pins)
        {
            uint low = (uint)_entries[pin] | (((_remoteIrr >> pin) & 1) != 0 ? RemoteIrrBit : 0);
            return (_select & 1) == 0 ? low : (uint)(_entries[pin] >> 32);
        }

        return (int)_select switch
        {
            Identification or Arbitration => _identification,
            Version => VersionValue,
            _ => 0,
        };
    }

    private void WriteRegister(uint value)
    {
        int pin = (_select - RedirectionTable) >> 1;
        if ((uint)pin < Pins)
        {
            WriteEntry(pin, value);
        }
        else if (_select == Identification)
        {
            _identification = value & 0x0F00_0000;
        }
    }

    private void WriteEntry(int pin, uint value)
    {
        ulong entry = _entries[pin];
        if ((_select & 1) != 0)
        {
            _entries[pin] = (uint)entry | ((ulong)(value & HighWritable) << 32);
            return;
        }

        _entries[pin] = (entry & 0xFFFF_FFFF_0000_0000) | (value & LowWritable);
        uint bit = 1u << pin;
        _unmasked = (value & MaskBit) != 0 ? _unmasked & ~bit : _unmasked | bit;
        if ((value & LevelBit) != 0)
        {
            _level |= bit;
            _edges &= ~bit;
        }
        else
        {
            // Turning a pin to edge and back is how software ends an interrupt here where there is no EOI register.
            _level &= ~bit;
            _remoteIrr &= ~bit;
        }
    }
}
