using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>
/// The fixed hardware of ACPI (ACPI 6.5, section 4.8), always in ACPI mode: PM1a event and control registers and a 32-bit power
/// management timer; and the three ports by which software resets a PC.
/// </summary>
public struct AcpiPower
{
    /// <summary>PM1a_EVT_BLK: status, then enable, 4 bytes in all.</summary>
    public const ushort EventPort = 0x600;

    /// <summary>PM1a_CNT_BLK, 2 bytes.</summary>
    public const ushort ControlPort = 0x604;

    /// <summary>PM_TMR_BLK, 4 bytes; FADT flag TMR_VAL_EXT is set.</summary>
    public const ushort TimerPort = 0x608;

    /// <summary>The last port of the block that begins with <see cref="EventPort"/>.</summary>
    public const ushort LastPort = 0x60F;

    /// <summary>RESET_REG, an I/O byte.</summary>
    public const ushort ResetPort = 0xCF9;

    /// <summary>RESET_VALUE.</summary>
    public const byte ResetValue = 0x06;

    /// <summary>Command and status port of the 8042 keyboard controller, of which only the reset command is here.</summary>
    public const ushort KeyboardPort = 0x64;

    /// <summary>System control port A.</summary>
    public const ushort SystemControlPort = 0x92;

    /// <summary>The system control interrupt: level triggered, on this pin of the I/O APIC and this ISA interrupt.</summary>
    public const int Interrupt = 9;

    /// <summary>What \_S5 gives for SLP_TYPa.</summary>
    public const byte SoftOff = 5;

    // PM1 status and enable, tables 4.11 and 4.12.
    private const ushort TimerStatus = 1 << 0;
    private const ushort PowerButtonStatus = 1 << 8;

    // The clock's alarm cannot wake a machine that never sleeps, but Linux complains if its enable bit does not stay set.
    private const ushort RtcEnable = 1 << 10;
    private const ushort EnableBits = TimerStatus | (1 << 5) | PowerButtonStatus | RtcEnable;

    // PM1 control, table 4.13.
    private const ushort SciEnable = 1 << 0;
    private const ushort SleepEnable = 1 << 13;
    private const ushort ControlBits = 0x1C06;

    private const byte ResetProcessor = 0x04;
    private const byte KeyboardReset = 0xFE;
    private const byte FastReset = 0x01;
    private const byte A20Enabled = 0x02;

    // A tick of the 3.579545 MHz timer is 17600/63 nanoseconds.
    private const ulong TickNumerator = 17_600;
    private const ulong TickDenominator = 63;

    // The carry bit: a change of bit 31 sets the status.
    private const int CarryShift = 31;

    private ulong _seenCarry;

    // The nanosecond of the next carry; at first 0, which the first look at the time puts right.
    private ulong _nextCarry;
    private ushort _status;
    private ushort _enable;
    private ushort _control;
    private byte _resetControl;
    private byte _systemControl;
    private ChipsetRequest _request;

    /// <summary>Level of the SCI.</summary>
    public readonly bool InterruptOutput => (_status & _enable) != 0;

    /// <summary>The nanosecond at which the timer next raises the SCI; ulong.MaxValue for never.</summary>
    public readonly ulong NextEvent =>
        (_enable & ~_status & TimerStatus) == 0 ? ulong.MaxValue : _nextCarry;

    /// <summary>The value of the timer, whose low 32 bits the guest sees.</summary>
    public static ulong TickAt(ulong now) =>
        (now / TickNumerator * TickDenominator) + (now % TickNumerator * TickDenominator / TickNumerator);

    /// <summary>Brings the timer status up to date.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Advance(ulong now)
    {
        if (now >= _nextCarry)
        {
            Carry(now);
        }
    }

    /// <summary>The owner presses the power button: the guest is asked to shut down.</summary>
    public void PressPowerButton() => _status |= PowerButtonStatus;

    /// <summary>Gives what the guest asked for and forgets it.</summary>
    public ChipsetRequest TakeRequest()
    {
        ChipsetRequest request = _request;
        _request = ChipsetRequest.None;
        return request;
    }

    /// <summary>Reads the four bytes that a port is one of, lowest byte first. For ports 0x600 to 0x60F.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ReadBlock(ushort port, ulong now)
    {
        switch (port & 0xFFFC)
        {
            case EventPort:
                Advance(now);
                return _status | ((uint)_enable << 16);

            case ControlPort:
                return (uint)(_control | SciEnable);

            case TimerPort:
                return (uint)TickAt(now);

            default:
                return 0;
        }
    }

    /// <summary>Writes one byte of ports 0x600 to 0x60F.</summary>
    public void WriteBlock(ushort port, byte value, ulong now)
    {
        int shift = (port & 1) << 3;
        int wide = value << shift;
        int kept = 0xFF00 >> shift;
        switch (port & 0xFFFE)
        {
            case EventPort:
                Advance(now);
                _status &= (ushort)~wide;
                break;

            case EventPort + 2:
                Advance(now);
                _enable = (ushort)((_enable & kept) | (wide & EnableBits));
                break;

            case ControlPort:
                _control = (ushort)((_control & kept) | (wide & ControlBits));
                if ((wide & SleepEnable) != 0 && ((_control >> 10) & 7) == SoftOff)
                {
                    _request = ChipsetRequest.PowerOff;
                }

                break;

            default:
                break;
        }
    }

    /// <summary>Reads port 0xCF9, 0x64 or 0x92.</summary>
    public readonly byte Read(ushort port) => port switch
    {
        ResetPort => _resetControl,
        SystemControlPort => (byte)(_systemControl | A20Enabled),

        // Nothing waits in the 8042 and nothing is being worked on: who polls it before the reset command goes on at once.
        _ => 0,
    };

    /// <summary>Writes port 0xCF9, 0x64 or 0x92.</summary>
    public void Write(ushort port, byte value)
    {
        bool reset;
        switch (port)
        {
            case ResetPort:
                reset = (value & ~_resetControl & ResetProcessor) != 0;
                _resetControl = value;
                break;

            case SystemControlPort:
                reset = (value & ~_systemControl & FastReset) != 0;
                _systemControl = value;
                break;

            default:
                reset = value == KeyboardReset;
                break;
        }

        if (reset && _request == ChipsetRequest.None)
        {
            _request = ChipsetRequest.Reset;
        }
    }

    private void Carry(ulong now)
    {
        ulong carry = TickAt(now) >> CarryShift;
        if (carry != _seenCarry)
        {
            _seenCarry = carry;
            _status |= TimerStatus;
        }

        _nextCarry = FirstNanosecond((carry + 1) << CarryShift);
    }

    private static ulong FirstNanosecond(ulong tick) =>
        (tick / TickDenominator * TickNumerator)
        + (((tick % TickDenominator * TickNumerator) + TickDenominator - 1) / TickDenominator);
}
