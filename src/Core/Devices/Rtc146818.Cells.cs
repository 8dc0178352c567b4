namespace Ember.Core.Devices;

/// <content>What stands in the bytes of the clock: time in its several formats, the alarm, sizes of memory.</content>
public partial struct Rtc146818
{
    private const byte AfternoonBit = 0x80;

    private readonly byte Encode(int value) =>
        (_cells[RegisterB] & Binary) != 0 ? (byte)value : (byte)((value / 10 << 4) | (value % 10));

    private readonly int Decode(byte value) =>
        (_cells[RegisterB] & Binary) != 0 ? value : ((value >> 4) * 10) + (value & 0x0F);

    private readonly byte EncodeHour(int hour)
    {
        if ((_cells[RegisterB] & Hours24) != 0)
        {
            return Encode(hour);
        }

        int twelve = hour % 12;
        return (byte)(Encode(twelve == 0 ? 12 : twelve) | (hour >= 12 ? AfternoonBit : 0));
    }

    private readonly int DecodeHour(byte value)
    {
        if ((_cells[RegisterB] & Hours24) != 0)
        {
            return Decode(value);
        }

        return (Decode((byte)(value & ~AfternoonBit)) % 12) + ((value & AfternoonBit) != 0 ? 12 : 0);
    }

    private void StoreTime(in CalendarTime time)
    {
        _cells[Seconds] = Encode(time.Second);
        _cells[Minutes] = Encode(time.Minute);
        _cells[Hours] = EncodeHour(time.Hour);
        _cells[Weekday] = Encode(time.Weekday);
        _cells[Day] = Encode(time.Day);
        _cells[Month] = Encode(time.Month);
        _cells[Year] = Encode(time.Year % 100);

        // The century is firmware's invention and always BCD.
        int century = time.Year / 100 % 100;
        _cells[Century] = (byte)((century / 10 << 4) | (century % 10));
    }

    /// <summary>The time in the cells. A field that is out of range, which only a guest can do, takes its lowest value.</summary>
    private readonly CalendarTime LoadTime()
    {
        byte century = _cells[Century];
        return new CalendarTime
        {
            Second = InRange(Decode(_cells[Seconds]), 0, 59),
            Minute = InRange(Decode(_cells[Minutes]), 0, 59),
            Hour = InRange(DecodeHour(_cells[Hours]), 0, 23),
            Day = InRange(Decode(_cells[Day]), 1, 31),
            Month = InRange(Decode(_cells[Month]), 1, 12),
            Year = ((((century >> 4) * 10) + (century & 0x0F)) * 100) + InRange(Decode(_cells[Year]), 0, 99),
        };
    }

    private static int InRange(int value, int lowest, int highest) => value < lowest || value > highest ? lowest : value;

    /// <summary>The first second after a given one that the alarm bytes match, ulong.MaxValue if they match none.</summary>
    private readonly ulong NextAlarm(ulong second)
    {
        int secondAlarm = AlarmField(SecondsAlarm, 59);
        int minuteAlarm = AlarmField(MinutesAlarm, 59);
        int hourAlarm = AlarmField(HoursAlarm, 23);
        if (secondAlarm == Impossible || minuteAlarm == Impossible || hourAlarm == Impossible)
        {
            return ulong.MaxValue;
        }

        ulong time = second + 1;
        if (secondAlarm != Any)
        {
            time += (uint)(secondAlarm - (int)(time % 60) + 60) % 60;
        }

        int minute = (int)(time / 60 % 60);
        if (minuteAlarm != Any && minute != minuteAlarm)
        {
            time += (uint)(minuteAlarm - minute + 60) % 60 * 60;
            time = time - (time % 60) + Lowest(secondAlarm);
        }

        int hour = (int)(time / 3600 % 24);
        if (hourAlarm != Any && hour != hourAlarm)
        {
            time += (uint)(hourAlarm - hour + 24) % 24 * 3600;
            time = time - (time % 3600) + (Lowest(minuteAlarm) * 60) + Lowest(secondAlarm);
        }

        return time;
    }

    private const int Any = -1;
    private const int Impossible = -2;

    private static uint Lowest(int field) => field == Any ? 0 : (uint)field;

    /// <summary>An alarm byte: two set high bits mean any value (data sheet, "Alarm bytes").</summary>
    private readonly int AlarmField(int cell, int highest)
    {
        byte value = _cells[cell];
        if (value >= 0xC0)
        {
            return Any;
        }

        int field = cell == HoursAlarm ? DecodeHour(value) : Decode(value);
        return field > highest ? Impossible : field;
    }

    /// <summary>
    /// The sizes of memory that firmware leaves: 0x15 base, 0x17 and 0x30 to 64 MiB, 0x34 to 4 GiB, 0x5B above.
    /// </summary>
    private void StoreSizes(ulong memory)
    {
        const ulong Megabyte = 1 << 20;
        const ulong FourGigabytes = 1ul << 32;
        ulong extended = memory > Megabyte ? (memory - Megabyte) >> 10 : 0;
        ulong above16 = memory > 16 * Megabyte ? (memory - (16 * Megabyte)) >> 16 : 0;
        ulong above4G = memory > FourGigabytes ? (memory - FourGigabytes) >> 16 : 0;
        StoreWord(0x15, 640);
        StoreWord(0x17, extended);
        StoreWord(0x30, extended);
        StoreWord(0x34, above16);
        StoreWord(0x5B, above4G);
        _cells[0x5D] = (byte)(above4G >> 16);
        _cells[RegisterD] = ValidRamAndTime;
    }

    private void StoreWord(int cell, ulong value)
    {
        ulong word = cell != 0x5B && value > ushort.MaxValue ? ushort.MaxValue : value;
        _cells[cell] = (byte)word;
        _cells[cell + 1] = (byte)(word >> 8);
    }
}
