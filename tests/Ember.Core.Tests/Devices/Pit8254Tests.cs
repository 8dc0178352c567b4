using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class Pit8254Tests
{
    private Pit8254 _pit;

    public Pit8254Tests() => _pit.Initialize();

    private static ulong At(ulong tick) => Pit8254.FirstNanosecond(65_536 + tick);

    private int ReadWord(ushort port, ulong now) => _pit.Read(port, now) | (_pit.Read(port, now) << 8);

    [Fact]
    public void Ticks_and_nanoseconds_agree_with_exact_arithmetic() =>
        Gen.ULong[0, 1ul << 62].Sample(now =>
        {
            System.UInt128 tick = Pit8254.TickAt(now) - 65_536;
            Assert.Equal((System.UInt128)now * 21 / 17_600, tick);
            ulong first = At((ulong)tick);
            Assert.True(first <= now && Pit8254.TickAt(first) - 65_536 == tick);
            Assert.True(first == 0 || Pit8254.TickAt(first - 1) - 65_536 < tick);
        });

    [Fact]
    public void Its_frequency_is_1193182_hertz() => Assert.Equal(1_193_181ul, Pit8254.TickAt(1_000_000_000) - 65_536);

    /// <summary>
    /// Linux's quick_pit_calibrate and pit_calibrate_tsc: counter 2 in mode 0, gate by port 0x61, OUT on bit 5.
    /// </summary>
    [Fact]
    public void Linux_calibrates_by_counter_2()
    {
        const ulong Start = 1_000_000;
        const int Latch = 59_659;
        _pit.Write(0x61, 0x01, Start);
        _pit.Write(0x43, 0xB0, Start);
        Assert.Equal(0, _pit.Read(0x61, Start) & 0x20);
        _pit.Write(0x42, Latch & 0xFF, Start);
        _pit.Write(0x42, Latch >> 8, Start);
        ulong first = Pit8254.TickAt(Start) + 1 - 65_536;
        Assert.Equal(0, _pit.Read(0x61, At(first + Latch) - 1) & 0x20);
        Assert.Equal(0x20, _pit.Read(0x61, At(first + Latch)) & 0x20);

        _pit.Write(0x43, 0xB0, Start);
        _pit.Write(0x42, 0xFF, Start);
        _pit.Write(0x42, 0xFF, Start);
        for (ulong tick = 0; tick < 60_000; tick += 1_000)
        {
            Assert.Equal(0xFFFF - (int)tick, ReadWord(0x42, At(first + tick)));
        }
    }

    [Fact]
    public void Port_61_keeps_its_control_bits_and_toggles_refresh()
    {
        _pit.Write(0x61, 0xFE, 0);
        Assert.Equal(0x0E, _pit.Read(0x61, 0) & 0x0F);
        byte first = _pit.Read(0x61, 0);
        Assert.NotEqual(first & 0x10, _pit.Read(0x61, 15_085 + 100) & 0x10);
    }

    [Fact]
    public void Counter_0_gives_one_rise_a_period_and_however_many_were_missed_only_one()
    {
        _pit.Write(0x43, 0x34, 0);
        _pit.Write(0x40, 0x9C, 0);
        _pit.Write(0x40, 0x2E, 0);
        const ulong Period = 0x2E9C;
        for (ulong i = 1; i < 100; i++)
        {
            ulong due = At(1 + (i * Period));
            Assert.Equal(due, _pit.NextEvent);
            Assert.False(_pit.TakeRise(due - 1));
            Assert.True(_pit.TakeRise(due));
            Assert.False(_pit.TakeRise(due));
        }

        Assert.True(_pit.TakeRise(At(1_000_000_000_000)));
        Assert.False(_pit.TakeRise(At(1_000_000_000_000)));
        Assert.InRange(_pit.NextEvent, At(1_000_000_000_000) + 1, At(1_000_000_000_000 + Period + 1));
    }

    [Fact]
    public void One_shot_rises_once()
    {
        _pit.Write(0x43, 0x30, 0);
        _pit.Write(0x40, 100, 0);
        Assert.Equal(ulong.MaxValue, _pit.NextEvent);
        _pit.Write(0x40, 0, 0);
        Assert.Equal(At(101), _pit.NextEvent);
        Assert.True(_pit.TakeRise(At(101)));
        Assert.Equal(ulong.MaxValue, _pit.NextEvent);
    }

    [Fact]
    public void Latched_counts_wait_to_be_read_and_read_back_latches_several()
    {
        _pit.Write(0x43, 0x34, 0);
        _pit.Write(0x40, 0xE8, 0);
        _pit.Write(0x40, 0x03, 0);
        _pit.Write(0x43, 0x00, At(101));
        _pit.Write(0x43, 0x00, At(300));
        Assert.Equal(900, ReadWord(0x40, At(500)));
        Assert.Equal(500, ReadWord(0x40, At(501)));

        _pit.Write(0x43, 0xC2, At(601));
        Assert.Equal(0xB4, _pit.Read(0x40, At(700)));
        Assert.Equal(400, ReadWord(0x40, At(800)));
        Assert.Equal(200, ReadWord(0x40, At(801)));
    }

    [Fact]
    public void Status_tells_access_mode_output_and_null_count()
    {
        _pit.Write(0x43, 0x16, 0);
        _pit.Write(0x43, 0xE2, 0);
        Assert.Equal(0xD6, _pit.Read(0x40, 0));
        _pit.Write(0x40, 10, 0);
        _pit.Write(0x43, 0xE2, 0);
        Assert.Equal(0xD6, _pit.Read(0x40, 0));
        _pit.Write(0x43, 0xE2, At(1));
        Assert.Equal(0x96, _pit.Read(0x40, At(1)));
        _pit.Write(0x43, 0xE2, At(6));
        Assert.Equal(0x16, _pit.Read(0x40, At(6)));
    }

    [Fact]
    public void Single_byte_access_uses_one_byte()
    {
        _pit.Write(0x43, 0x14, 0);
        _pit.Write(0x40, 50, 0);
        Assert.Equal(40, _pit.Read(0x40, At(11)));
        _pit.Write(0x43, 0x24, 0);
        _pit.Write(0x40, 0x10, 0);
        Assert.Equal(0x0F, _pit.Read(0x40, At(2)));
    }

    [Theory]
    [InlineData(0x1234, 234, 0x1000)]
    [InlineData(0x0000, 1, 0x9999)]
    [InlineData(0x0000, 0, 0x0000)]
    public void Binary_coded_decimal_counts_in_tens(int count, ulong ticks, int expected)
    {
        _pit.Write(0x43, 0x31, 0);
        _pit.Write(0x40, (byte)count, 0);
        _pit.Write(0x40, (byte)(count >> 8), 0);
        Assert.Equal(expected, ReadWord(0x40, At(1 + ticks)));
    }

    [Fact]
    public void The_control_port_cannot_be_read() => Assert.Equal(0xFF, _pit.Read(0x43, 0));
}
