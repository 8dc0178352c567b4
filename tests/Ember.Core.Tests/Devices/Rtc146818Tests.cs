using System;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class Rtc146818Tests
{
    private const ulong Second = 1_000_000_000;

    // 2026-11-23 16:26:40, a Monday.
    private const ulong WallClock = 1_795_451_200;

    private Rtc146818 _rtc;

    public Rtc146818Tests() => _rtc.Initialize(WallClock, 512ul << 20);

    private byte Read(byte cell, ulong now = 0)
    {
        _rtc.Write(0x70, cell, now);
        _rtc.Advance(now);
        return _rtc.Read(0x71, now);
    }

    private void Write(byte cell, byte value, ulong now = 0)
    {
        _rtc.Write(0x70, cell, now);
        _rtc.Advance(now);
        _rtc.Write(0x71, value, now);
    }

    private byte[] ReadTime(ulong now = 0) =>
        [Read(0x32, now), Read(9, now), Read(8, now), Read(7, now), Read(4, now), Read(2, now), Read(0, now), Read(6, now)];

    [Fact]
    public void Time_is_BCD_and_24_hours_as_firmware_leaves_it()
    {
        Assert.Equal([0x20, 0x26, 0x11, 0x23, 0x16, 0x26, 0x40, 0x02], ReadTime());
        Assert.Equal([0x20, 0x26, 0x11, 0x24, 0x00, 0x00, 0x01, 0x03], ReadTime(27_201 * Second));
        Assert.Equal(0x26, Read(10, Second / 2));
        Assert.Equal(0x02, Read(11));
        Assert.Equal(0x80, Read(13));
    }

    [Fact]
    public void Binary_and_12_hour_formats()
    {
        Write(11, 0x04);
        Assert.Equal([0x20, 26, 11, 23, 0x84, 26, 40, 2], ReadTime());
        Write(11, 0x00);
        Assert.Equal(0x84, Read(4));
        Assert.Equal(0x92, Read(4, 20 * 3600 * Second));
        Assert.Equal(0x12, Read(4, 8 * 3600 * Second));
        Assert.Equal(0x11, Read(4, 19 * 3600 * Second));
    }

    [Fact]
    public void Calendar_agrees_with_DateTime() => Gen.ULong[0, 253_402_300_799].Sample(CompareWithDateTime);

    [Theory]
    [InlineData(951_782_400ul)]
    [InlineData(951_868_799ul)]
    [InlineData(951_868_800ul)]
    [InlineData(4_107_542_400ul)]
    [InlineData(13_574_563_200ul)]
    [InlineData(13_574_649_600ul)]
    public void Calendar_knows_which_centuries_have_a_leap_day(ulong seconds) => CompareWithDateTime(seconds);

    private static void CompareWithDateTime(ulong seconds)
    {
        CalendarTime time = CalendarTime.FromSeconds(seconds);
        DateTime expected = DateTime.UnixEpoch.AddSeconds(seconds);
        Assert.Equal(
            (expected.Year, expected.Month, expected.Day, expected.Hour, expected.Minute, expected.Second,
                (int)expected.DayOfWeek + 1),
            (time.Year, time.Month, time.Day, time.Hour, time.Minute, time.Second, time.Weekday));
        Assert.Equal(seconds, time.ToSeconds());
    }

    [Fact]
    public void Update_in_progress_announces_each_second()
    {
        Assert.Equal(0, Read(10, Second - 2_228_001) & 0x80);
        Assert.Equal(0x80, Read(10, Second - 2_228_000) & 0x80);
        Assert.Equal(0x80, Read(10, Second - 1) & 0x80);
        Assert.Equal(0x40, Read(0, Second - 1));
        Assert.Equal(0, Read(10, Second) & 0x80);
        Assert.Equal(0x41, Read(0, Second));
        Write(11, 0x82, Second);
        Assert.Equal(0, Read(10, (2 * Second) - 1) & 0x80);
    }

    /// <summary>Linux's mc146818_set_time.</summary>
    [Fact]
    public void Time_is_set_with_updates_held_and_the_divider_in_reset()
    {
        const ulong Now = 100 * Second + 700_000_000;
        Write(11, 0x82, Now);
        Write(10, 0x76, Now);
        foreach ((byte cell, byte value) in new (byte, byte)[]
        {
            (9, 0x30), (8, 0x02), (7, 0x28), (4, 0x23), (2, 0x59), (0, 0x58), (0x32, 0x20),
        })
        {
            Write(cell, value, Now);
        }

        Assert.Equal(0x58, Read(0, Now + (5 * Second)));
        Write(11, 0x02, Now);
        Write(10, 0x26, Now);
        Assert.Equal(0x58, Read(0, Now + (Second / 2) - 1));
        Assert.Equal(0x59, Read(0, Now + (Second / 2)));
        Assert.Equal([0x20, 0x30, 0x03, 0x01, 0x00, 0x00, 0x00, 0x06], ReadTime(Now + (Second / 2) + Second));
    }

    [Fact]
    public void Holding_updates_keeps_the_phase_of_the_second()
    {
        Write(11, 0x82, Second / 4);
        Write(0, 0x10, Second / 4);
        Write(11, 0x02, 3 * Second + (Second / 2));
        Assert.Equal(0x10, Read(0, (4 * Second) - 1));
        Assert.Equal(0x11, Read(0, 4 * Second));
    }

    [Fact]
    public void Nonsense_in_the_time_bytes_is_survived() => Gen.Byte.Array[10].Sample(bytes =>
    {
        Write(11, 0x82);
        for (byte cell = 0; cell < 10; cell++)
        {
            Write(cell, bytes[cell]);
            Assert.Equal(bytes[cell], Read(cell));
        }

        Write(0x32, bytes[0]);
        Write(11, (byte)(bytes[1] & 0x76));
        byte[] time = ReadTime();
        Assert.InRange(time[2] & 0x1F, 1, 0x12);
    }, threads: 1);

    [Fact]
    public void Update_interrupt_rises_at_the_second_and_falls_when_it_is_read()
    {
        Write(11, 0x12);
        Assert.Equal(Second, _rtc.NextEvent);
        _rtc.Advance(Second - 1);
        Assert.False(_rtc.InterruptOutput);
        _rtc.Advance(Second);
        Assert.True(_rtc.InterruptOutput);
        Assert.Equal(ulong.MaxValue, _rtc.NextEvent);
        Assert.Equal(0xD0, Read(12, Second));
        Assert.False(_rtc.InterruptOutput);
        Assert.Equal(2 * Second, _rtc.NextEvent);
        Write(11, 0x92, Second);
        Assert.Equal(0x82, Read(11, Second));
    }

    [Theory]
    [InlineData(1, 256)]
    [InlineData(2, 128)]
    [InlineData(3, 8192)]
    [InlineData(6, 1024)]
    [InlineData(15, 2)]
    public void Periodic_interrupt_has_the_rate_of_register_A(byte rate, int hertz)
    {
        Write(10, (byte)(0x20 | rate));
        Write(11, 0x42);
        int count = 0;
        for (ulong now = _rtc.NextEvent; now <= 2 * Second; now = _rtc.NextEvent)
        {
            _rtc.Advance(now - 1);
            Assert.False(_rtc.InterruptOutput);
            _rtc.Advance(now);
            Assert.True(_rtc.InterruptOutput);
            Read(12, now);
            count++;
        }

        Assert.Equal(2 * hertz, count);
    }

    [Fact]
    public void Rate_0_never_interrupts()
    {
        Write(10, 0x20);
        Write(11, 0x42);
        Assert.Equal(ulong.MaxValue, _rtc.NextEvent);
        Assert.Equal(0x10, Read(12, 5 * Second));
    }

    /// <summary>The next alarm, found by looking at every second of two days.</summary>
    [Fact]
    public void Alarm_comes_at_the_first_second_that_matches() =>
        Gen.Select(Field(59), Field(59), Field(23), Gen.ULong[0, 86_400], Gen.Bool).Sample(
            (second, minute, hour, start, binary) =>
        {
            _rtc.Initialize(WallClock + start, 0);
            Write(11, binary ? (byte)0x26 : (byte)0x22);
            Write(1, Encode(second, binary));
            Write(3, Encode(minute, binary));
            Write(5, Encode(hour, binary));
            ulong expected = 1;
            while (!Matches(WallClock + start + expected, second, minute, hour))
            {
                expected++;
            }

            Assert.Equal(expected * Second, _rtc.NextEvent);
            _rtc.Advance((expected * Second) - 1);
            Assert.False(_rtc.InterruptOutput);
            _rtc.Advance(expected * Second);
            Assert.True(_rtc.InterruptOutput);
            Assert.Equal(0xA0, Read(12, expected * Second) & 0xA0);
        }, iter: 200, threads: 1);

    private static Gen<int> Field(int highest) => Gen.OneOf(Gen.Int[0, highest], Gen.Const(-1));

    private static byte Encode(int value, bool binary) =>
        value < 0 ? (byte)0xFF : binary ? (byte)value : (byte)((value / 10 * 16) + (value % 10));

    private static bool Matches(ulong time, int second, int minute, int hour) =>
        (second < 0 || second == (int)(time % 60))
        && (minute < 0 || minute == (int)(time / 60 % 60))
        && (hour < 0 || hour == (int)(time / 3600 % 24));

    [Fact]
    public void An_impossible_alarm_never_comes()
    {
        Write(11, 0x22);
        Write(3, 0x75);
        Assert.Equal(ulong.MaxValue, _rtc.NextEvent);
    }

    [Fact]
    public void Memory_is_kept_and_tells_the_size()
    {
        Assert.Equal(640, Read(0x15) | (Read(0x16) << 8));
        Assert.Equal(0xFFFF, Read(0x17) | (Read(0x18) << 8));
        Assert.Equal((512 - 16) * 16, Read(0x34) | (Read(0x35) << 8));
        Assert.Equal(0, Read(0x5B) | Read(0x5C) | Read(0x5D));
        Write(0x0F, 0x5A);
        Write(0x7F, 0xA5);
        Assert.Equal(0x5A, Read(0x8F));
        Assert.Equal(0xA5, Read(0x7F));
        _rtc.Initialize(WallClock, (1ul << 32) + (0x12345ul << 16));
        Assert.Equal(0x12345, Read(0x5B) | (Read(0x5C) << 8) | (Read(0x5D) << 16));
        Assert.Equal(0xFFFF, Read(0x34) | (Read(0x35) << 8));
    }
}
