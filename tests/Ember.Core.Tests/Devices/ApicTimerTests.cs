using System;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

/// <summary>The local APIC's timer as a guest sees it through the chip set.</summary>
public sealed class ApicTimerTests : IDisposable
{
    private const uint Current = 0x390;

    private static readonly Gen<uint> _divisors = Gen.OneOf(0u, 1u, 2u, 3u, 8u, 9u, 10u, 11u);

    private readonly Board _board = new();

    public void Dispose() => _board.Dispose();

    private void End() => _board.WriteApic(Board.Eoi, 0);

    [Theory]
    [InlineData(0x0, 2)]
    [InlineData(0x1, 4)]
    [InlineData(0x2, 8)]
    [InlineData(0x3, 16)]
    [InlineData(0x8, 32)]
    [InlineData(0x9, 64)]
    [InlineData(0xA, 128)]
    [InlineData(0xB, 1)]
    public void One_shot_counts_at_the_divided_clock_and_interrupts_once(byte configuration, uint divisor)
    {
        _board.WriteApic(Board.Divide, configuration);
        _board.WriteApic(Board.LvtTimer, 0xEC);
        _board.Now = 777;
        _board.WriteApic(Board.InitialCount, 1_000);
        ulong due = 777 + (1_000ul * divisor);
        Assert.Equal(due, _board.Chipset.Processor(0).NextEvent);
        Assert.Equal(1_000u, _board.ReadApic(Current));
        _board.Now = 777 + (400ul * divisor);
        Assert.Equal(600u, _board.ReadApic(Current));
        _board.Sleep(due - 1);
        Assert.Equal(-1, _board.Take());
        Assert.Equal(1u, _board.ReadApic(Current));
        _board.Sleep(due);
        Assert.Equal(0xEC, _board.Take());
        End();
        Assert.Equal(0u, _board.ReadApic(Current));
        Assert.Equal(1_000u, _board.ReadApic(Board.InitialCount));
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void Periodic_reloads_itself()
    {
        _board.WriteApic(Board.Divide, 0x3);
        _board.WriteApic(Board.LvtTimer, 0x2_00EC);
        _board.WriteApic(Board.InitialCount, 62_500);
        for (ulong i = 1; i <= 50; i++)
        {
            Assert.Equal(i * 1_000_000, _board.Chipset.Processor(0).NextEvent);
            _board.Sleep(i * 1_000_000);
            Assert.Equal(0xEC, _board.Take());
            End();
            Assert.Equal(62_500u, _board.ReadApic(Current));
        }

        _board.WriteApic(Board.InitialCount, 0);
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void Missed_periods_are_one_interrupt_and_the_phase_stays()
    {
        _board.WriteApic(Board.Divide, 0xB);
        _board.WriteApic(Board.LvtTimer, 0x2_00EC);
        _board.WriteApic(Board.InitialCount, 1);
        _board.Now = ulong.MaxValue / 2;
        _board.Chipset.Advance(0, _board.Now);
        Assert.Equal(0xEC, _board.Take());
        End();
        Assert.Equal(-1, _board.Take());
        Assert.Equal(_board.Now + 1, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void Deadline_interrupts_when_the_counter_gets_there()
    {
        _board.WriteApic(Board.LvtTimer, 0x4_00EC);
        ulong deadline = Board.TscStart + 2_500_000;
        _board.WriteMsr(Chipset.TscDeadlineMsr, deadline);
        Assert.Equal(deadline, _board.ReadMsr(Chipset.TscDeadlineMsr));
        Assert.Equal(1_000_000ul, _board.Chipset.Processor(0).NextEvent);
        Assert.Equal(0u, _board.ReadApic(Current));
        _board.Sleep(999_999);
        Assert.Equal(-1, _board.Take());
        _board.Sleep(1_000_000);
        Assert.Equal(0xEC, _board.Take());
        Assert.Equal(0ul, _board.ReadMsr(Chipset.TscDeadlineMsr));
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void A_deadline_in_the_past_interrupts_at_once_and_0_disarms()
    {
        _board.Now = 5_000_000;
        _board.WriteApic(Board.LvtTimer, 0x4_00EC);
        _board.WriteMsr(Chipset.TscDeadlineMsr, 1);
        Assert.Equal(0xEC, _board.Take());
        End();
        _board.WriteMsr(Chipset.TscDeadlineMsr, Board.TscStart + 1_000_000_000);
        _board.WriteMsr(Chipset.TscDeadlineMsr, 0);
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
        _board.WriteMsr(Chipset.TscDeadlineMsr, ulong.MaxValue);
        _board.Sleep(1ul << 50);
        Assert.Equal(-1, _board.Take());
    }

    [Fact]
    public void The_deadline_register_is_dead_in_the_other_modes_and_the_count_in_this_one()
    {
        _board.WriteApic(Board.LvtTimer, 0xEC);
        _board.WriteMsr(Chipset.TscDeadlineMsr, 1);
        Assert.Equal(0ul, _board.ReadMsr(Chipset.TscDeadlineMsr));
        Assert.Equal(-1, _board.Take());
        _board.WriteApic(Board.LvtTimer, 0x4_00EC);
        _board.WriteApic(Board.InitialCount, 100);
        Assert.Equal(0u, _board.ReadApic(Board.InitialCount));
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void Changing_to_or_from_deadline_mode_disarms()
    {
        _board.WriteApic(Board.LvtTimer, 0xEC);
        _board.WriteApic(Board.InitialCount, 100);
        _board.WriteApic(Board.LvtTimer, 0x4_00EC);
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
        _board.WriteMsr(Chipset.TscDeadlineMsr, ulong.MaxValue >> 8);
        _board.WriteApic(Board.LvtTimer, 0xEC);
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void A_masked_timer_runs_silently()
    {
        _board.WriteApic(Board.Divide, 0xB);
        _board.WriteApic(Board.LvtTimer, 0x1_00EC);
        _board.WriteApic(Board.InitialCount, 1_000);
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
        _board.Now = 400;
        Assert.Equal(600u, _board.ReadApic(Current));
        _board.Now = 5_000;
        Assert.Equal(0u, _board.ReadApic(Current));
        _board.WriteApic(Board.LvtTimer, 0xEC);
        _board.Sleep(10_000);
        Assert.Equal(-1, _board.Take());
    }

    [Fact]
    public void A_masked_periodic_timer_is_in_phase_when_it_is_unmasked()
    {
        _board.WriteApic(Board.Divide, 0xB);
        _board.WriteApic(Board.LvtTimer, 0x3_00EC);
        _board.WriteApic(Board.InitialCount, 1_000);
        _board.Now = 5_300;
        Assert.Equal(700u, _board.ReadApic(Current));
        _board.WriteApic(Board.LvtTimer, 0x2_00EC);
        Assert.Equal(-1, _board.Take());
        Assert.Equal(6_000ul, _board.Chipset.Processor(0).NextEvent);
    }

    [Fact]
    public void A_new_divisor_keeps_the_count() =>
        Gen.Select(_divisors, _divisors, Gen.UInt[2, uint.MaxValue])
            .Sample((before, after, count) =>
            {
                ApicTimer timer = default;
                timer.Initialize();
                timer.Divide(before, 0);
                timer.Start(count, 0);
                ulong now = timer.Expiry / 2;
                uint left = timer.CurrentCount(now);
                timer.Divide(after, now);
                Assert.Equal(left, timer.CurrentCount(now));
                Assert.False(timer.Expire(timer.Expiry - 1));
                Assert.True(timer.Expire(timer.Expiry));
            });
}
