using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;

namespace Ember.Core.Devices;

/// <content>The map of the I/O ports.</content>
public partial struct Chipset
{
    private const ushort PciAddress = 0xCF8;
    private const ushort PciLast = 0xCFF;
    private const ushort DelayPort = 0x80;
    private const ushort KeyboardData = 0x60;

    /// <summary>Reads a port. Ports that no device has read all ones.</summary>
    /// <param name="processor">Who reads.</param>
    /// <param name="port">Any port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="now">The time.</param>
    /// <returns>What was read, zero-extended.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadPort(int processor, ushort port, int size, ulong now) =>
        _isShared ? ReadPortShared(processor, port, size, now) : ReadPortLocked(processor, port, size, now);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private uint ReadPortShared(int processor, ushort port, int size, ulong now)
    {
        _lock.Acquire();
        uint value = ReadPortLocked(processor, port, size, now);
        _lock.Release();
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint ReadPortLocked(int processor, ushort port, int size, ulong now)
    {
        AdvanceIfDueLocked(processor, now);
        return port is >= AcpiPower.EventPort and <= AcpiPower.LastPort
            ? Truncate(_power.ReadBlock(port, now) >> (8 * (port & 3)), size)
            : size == 1 ? ReadByte(processor, port, now) : ReadWide(processor, port, size, now);
    }

    [LoopBound(7, "bytes of an access: an exit has three bits for them")]
    private uint ReadWide(int processor, ushort port, int size, ulong now)
    {
        uint value = 0;
        for (int i = 0; i < size; i++)
        {
            // Port 0xCF9 is the reset register for bytes only; wider accesses here are PCI's.
            ushort next = (ushort)(port + i);
            byte part = next is >= PciAddress and <= PciLast ? (byte)0xFF : ReadByte(processor, next, now);
            value |= (uint)part << (8 * i);
        }

        return value;
    }

    /// <summary>Writes a port. Ports that no device has ignore it.</summary>
    /// <param name="processor">Who writes.</param>
    /// <param name="port">Any port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The low bytes count.</param>
    /// <param name="now">The time.</param>
    public void WritePort(int processor, ushort port, int size, uint value, ulong now)
    {
        Lock();
        AdvanceIfDueLocked(processor, now);
        if (size == 1)
        {
            WriteByte(processor, port, (byte)value, now);
        }
        else
        {
            WriteWide(processor, port, size, value, now);
        }

        Unlock();
    }

    [LoopBound(7, "bytes of an access: an exit has three bits for them")]
    private void WriteWide(int processor, ushort port, int size, uint value, ulong now)
    {
        for (int i = 0; i < size; i++)
        {
            ushort next = (ushort)(port + i);
            if (next is not (>= PciAddress and <= PciLast))
            {
                WriteByte(processor, next, (byte)(value >> (8 * i)), now);
            }
        }
    }

    private byte ReadByte(int processor, ushort port, ulong now)
    {
        switch (port)
        {
            case >= Uart16550.BasePort and <= Uart16550.BasePort + 7:
                byte value = Uart.Read(port);
                Drive(processor, Uart16550.Interrupt, Uart.InterruptOutput);
                return value;

            case >= AcpiPower.EventPort and <= AcpiPower.LastPort:
                return (byte)(_power.ReadBlock(port, now) >> (8 * (port & 3)));

            case (>= Pit8254.BasePort and <= Pit8254.BasePort + 3) or Pit8254.ControlPort:
                return _pit.Read(port, now);

            case Rtc146818.IndexPort or Rtc146818.DataPort:
                _rtc.Advance(now);
                value = _rtc.Read(port, now);
                UpdateLegacy(processor);
                return value;

            case 0x20 or 0x21 or 0xA0 or 0xA1 or 0x4D0 or 0x4D1:
                value = _pic.Read(port);
                Route(processor);
                return value;

            case AcpiPower.KeyboardPort or AcpiPower.SystemControlPort or AcpiPower.ResetPort:
                return _power.Read(port);

            // No PCI bus, no keyboard; port 0x80 is where Linux writes to let time pass.
            case (>= PciAddress and <= PciLast) or DelayPort or KeyboardData or BootTimer.Port:
                return 0xFF;

            default:
                UnknownPortBytes++;
                return 0xFF;
        }
    }

    private void WriteByte(int processor, ushort port, byte value, ulong now)
    {
        switch (port)
        {
            case >= Uart16550.BasePort and <= Uart16550.BasePort + 7:
                Uart.Write(port, value);
                Drive(processor, Uart16550.Interrupt, Uart.InterruptOutput);
                break;

            case >= AcpiPower.EventPort and <= AcpiPower.LastPort:
                _power.WriteBlock(port, value, now);
                UpdateLegacy(processor);
                break;

            case (>= Pit8254.BasePort and <= Pit8254.BasePort + 3) or Pit8254.ControlPort:
                _pit.Write(port, value, now);
                UpdateLegacy(processor);
                break;

            case Rtc146818.IndexPort or Rtc146818.DataPort:
                _rtc.Advance(now);
                _rtc.Write(port, value, now);
                UpdateLegacy(processor);
                break;

            case 0x20 or 0x21 or 0xA0 or 0xA1 or 0x4D0 or 0x4D1:
                _pic.Write(port, value);
                Route(processor);
                break;

            case AcpiPower.KeyboardPort or AcpiPower.SystemControlPort or AcpiPower.ResetPort:
                _power.Write(port, value);
                break;

            case (>= PciAddress and <= PciLast) or DelayPort or KeyboardData:
                break;

            case BootTimer.Port:
                BootTimer.Write(value, now);
                break;

            default:
                UnknownPortBytes++;
                break;
        }
    }
}
