using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>
/// The real-time clock (Motorola MC146818A data sheet) with 128 bytes of CMOS memory, at ports 0x70 and 0x71. Nothing ticks:
/// time is worked out from the nanosecond of the access, and flags are brought up to date by <see cref="Advance"/>.
/// </summary>
public partial struct Rtc146818
{
    /// <summary>The port that selects a byte.</summary>
    public const ushort IndexPort = 0x70;

    /// <summary>The port that reads and writes it.</summary>
    public const ushort DataPort = 0x71;

    /// <summary>Its ISA interrupt.</summary>
    public const int Interrupt = 8;

    /// <summary>CMOS byte of the century, as ACPI's FADT names it.</summary>
    public const int Century = 0x32;

    private const int Seconds = 0;
    private const int SecondsAlarm = 1;
    private const int Minutes = 2;
    private const int MinutesAlarm = 3;
    private const int Hours = 4;
    private const int HoursAlarm = 5;
    private const int Weekday = 6;
    private const int Day = 7;
    private const int Month = 8;
    private const int Year = 9;
    private const int RegisterA = 10;
    private const int RegisterB = 11;
    private const int RegisterC = 12;
    private const int RegisterD = 13;

    private const byte UpdateInProgress = 0x80;
    private const byte DividerMask = 0x70;
    private const byte DividerRunning = 0x20;

    private const byte Set = 0x80;
    private const byte PeriodicEnable = 0x40;
    private const byte AlarmEnable = 0x20;
    private const byte UpdateEnable = 0x10;
    private const byte Binary = 0x04;
    private const byte Hours24 = 0x02;

    private const byte InterruptRequest = 0x80;
    private const byte PeriodicFlag = 0x40;
    private const byte AlarmFlag = 0x20;
    private const byte UpdateFlag = 0x10;
    private const byte Flags = PeriodicFlag | AlarmFlag | UpdateFlag;

    private const byte ValidRamAndTime = 0x80;

    private const ulong Second = 1_000_000_000;

    // Data sheet table 6, 32.768 kHz time base: the update takes 1984 us and is announced 244 us ahead.
    private const ulong UpdateWindow = 2_228_000;

    // After the divider is released the first update comes half a second later.
    private const ulong DividerRelease = Second / 2;

    [InlineArray(128)]
    private struct Cells
    {
        private byte _first;
    }

    private Cells _cells;

    // Seconds since 1970 shown from nanosecond _origin on; both wrap around harmlessly.
    private ulong _seconds;
    private ulong _origin;

    // Second and periodic edge up to which the flags are right.
    private ulong _seenSecond;
    private ulong _seenEdge;
    private ulong _alarm;
    private byte _index;

    /// <summary>The clock as PC firmware leaves it: BCD, 24 hours, running, memory sizes in CMOS.</summary>
    /// <param name="wallClock">Seconds since 1970 at nanosecond 0.</param>
    /// <param name="memory">Bytes of RAM.</param>
    public void Initialize(ulong wallClock, ulong memory)
    {
        this = default;
        _seconds = wallClock;
        _cells[RegisterA] = DividerRunning | 6;
        _cells[RegisterB] = Hours24;
        StoreTime(CalendarTime.FromSeconds(wallClock));
        StoreSizes(memory);
        Restart(0);
    }

    /// <summary>Level of the interrupt line.</summary>
    public readonly bool InterruptOutput => (_cells[RegisterC] & _cells[RegisterB] & Flags) != 0;

    /// <summary>The nanosecond at which the interrupt line next rises; ulong.MaxValue for never.</summary>
    public readonly ulong NextEvent
    {
        get
        {
            int waiting = _cells[RegisterB] & ~_cells[RegisterC] & Flags;
            ulong next = ulong.MaxValue;
            if (waiting == 0 || !IsDividing || InterruptOutput)
            {
                return next;
            }

            if ((waiting & PeriodicFlag) != 0 && PeriodShift >= 0)
            {
                ulong ticks = (_seenEdge + 1) << PeriodShift;
                next = _origin + (ticks / 32_768 * Second) + (((ticks % 32_768 * 1_953_125) + 63) / 64);
            }

            if (IsUpdating && (waiting & (UpdateFlag | AlarmFlag)) != 0)
            {
                ulong second = (waiting & UpdateFlag) != 0 ? _seenSecond + 1 : _alarm;
                if (second != ulong.MaxValue)
                {
                    ulong at = _origin + ((second - _seconds) * Second);
                    next = at < next ? at : next;
                }
            }

            return next;
        }
    }

    private readonly bool IsDividing => (_cells[RegisterA] & DividerMask) == DividerRunning;

    private readonly bool IsUpdating => IsDividing && (_cells[RegisterB] & Set) == 0;

    /// <summary>
    /// Log2 of a period in ticks of 32.768 kHz, -1 for none. Rates 1 and 2 repeat 8 and 9 (data sheet table 5).
    /// </summary>
    private readonly int PeriodShift
    {
        get
        {
            int rate = _cells[RegisterA] & 0x0F;
            return rate is 1 or 2 ? rate + 6 : rate - 1;
        }
    }

    /// <summary>Brings the flags of register C up to date.</summary>
    public void Advance(ulong now)
    {
        if (!IsDividing)
        {
            return;
        }

        int shift = PeriodShift;
        if (shift >= 0)
        {
            ulong edge = TicksAt(now) >> shift;
            if (edge != _seenEdge)
            {
                _seenEdge = edge;
                _cells[RegisterC] |= PeriodicFlag;
            }
        }

        if (!IsUpdating)
        {
            return;
        }

        ulong second = SecondAt(now);
        if (second != _seenSecond)
        {
            _seenSecond = second;
            _cells[RegisterC] |= UpdateFlag;
            if (second >= _alarm)
            {
                _cells[RegisterC] |= AlarmFlag;
                _alarm = NextAlarm(second);
            }
        }
    }

    /// <summary>Reads port 0x70 or 0x71. The owner calls <see cref="Advance"/> with the same time first.</summary>
    public byte Read(ushort port, ulong now)
    {
        if (port == IndexPort)
        {
            return 0xFF;
        }

        switch (_index)
        {
            case Seconds or Minutes or Hours or (>= Weekday and <= Year) or Century:
                if (IsUpdating)
                {
                    StoreTime(CalendarTime.FromSeconds(SecondAt(now)));
                }

                return _cells[_index];

            case RegisterA:
                bool isSoon = IsUpdating && (now - _origin) % Second >= Second - UpdateWindow;
                return (byte)(_cells[RegisterA] | (isSoon ? UpdateInProgress : 0));

            case RegisterC:
                byte flags = (byte)(_cells[RegisterC] | (InterruptOutput ? InterruptRequest : 0));
                _cells[RegisterC] = 0;
                return flags;

            default:
                return _cells[_index];
        }
    }

    /// <summary>Writes port 0x70 or 0x71. The owner calls <see cref="Advance"/> with the same time first.</summary>
    public void Write(ushort port, byte value, ulong now)
    {
        if (port == IndexPort)
        {
            // Bit 7 masks NMI on a PC; there is none to mask.
            _index = (byte)(value & 0x7F);
            return;
        }

        switch (_index)
        {
            case Seconds or Minutes or Hours or (>= Weekday and <= Year) or Century:
                bool isUpdating = IsUpdating;
                if (isUpdating)
                {
                    StoreTime(CalendarTime.FromSeconds(SecondAt(now)));
                }

                _cells[_index] = value;
                if (isUpdating)
                {
                    Resume(now);
                }

                break;

            case SecondsAlarm or MinutesAlarm or HoursAlarm:
                _cells[_index] = value;
                _alarm = NextAlarm(_seenSecond);
                break;

            case RegisterA or RegisterB:
                WriteControl(value, now);
                break;

            case RegisterC or RegisterD:
                break;

            default:
                _cells[_index] = value;
                break;
        }
    }

    private void WriteControl(byte value, ulong now)
    {
        bool wasDividing = IsDividing;
        bool wasUpdating = IsUpdating;
        if (wasUpdating)
        {
            StoreTime(CalendarTime.FromSeconds(SecondAt(now)));
        }

        if (_index == RegisterA)
        {
            _cells[RegisterA] = (byte)(value & 0x7F);
            if (!wasDividing && IsDividing)
            {
                _origin = now - DividerRelease;
            }
        }
        else
        {
            // Setting SET clears the update interrupt enable.
            _cells[RegisterB] = (byte)((value & Set) != 0 ? value & ~UpdateEnable : value);
        }

        if (IsUpdating && !wasUpdating)
        {
            Resume(now);
        }
        else
        {
            _alarm = NextAlarm(_seenSecond);
        }

        _seenEdge = PeriodShift >= 0 ? TicksAt(now) >> PeriodShift : 0;
    }

    /// <summary>Goes on from the time in the cells, in the middle of whatever second the divider is in.</summary>
    private void Resume(ulong now)
    {
        _origin = now - ((now - _origin) % Second);
        _seconds = LoadTime().ToSeconds();
        Restart(now);
    }

    private void Restart(ulong now)
    {
        _seenSecond = SecondAt(now);
        _seenEdge = PeriodShift >= 0 ? TicksAt(now) >> PeriodShift : 0;
        _alarm = NextAlarm(_seenSecond);
    }

    private readonly ulong SecondAt(ulong now) => _seconds + ((now - _origin) / Second);

    /// <summary>Edges of the 32.768 kHz time base since the origin; one lasts 1953125/64 nanoseconds.</summary>
    private readonly ulong TicksAt(ulong now)
    {
        ulong elapsed = now - _origin;
        return (elapsed / Second * 32_768) + (elapsed % Second * 64 / 1_953_125);
    }
}
