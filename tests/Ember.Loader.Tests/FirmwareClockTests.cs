using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;
using Ember.Platform.Uefi;

namespace Ember.Loader.Tests;

public sealed unsafe class FirmwareClockTests
{
    private const ulong TicksPerMicrosecond = 2000;

    [ThreadStatic]
    private static Board? _board;

    [Fact]
    public void The_delay_that_was_disturbed_least_says_how_fast_the_counter_goes()
    {
        Assert.InRange(Measure(40, 10_000, 0, 7, 300), 2_000_000ul, 2_000_001ul);
        Assert.InRange(Measure(40, 10_000, 7, 2, 300), 2_020_000ul, 2_020_001ul);
    }

    [Fact]
    public void A_counter_that_stands_still_is_no_divisor_of_zero() => Assert.Equal(1ul, Measure());

    /// <param name="disturbances">Microseconds that each delay takes longer; none for a counter that stands still.</param>
    private static ulong Measure(params ulong[] disturbances)
    {
        _board = new Board(disturbances);
        Cpu.Hardware = _board;
        EfiBootServices services = default;
        services.Stall = &Stall;
        FirmwareClock.Measure(&services);
        return FirmwareClock.TicksPerMillisecond;
    }

    [UnmanagedCallersOnly]
    private static nuint Stall(nuint microseconds)
    {
        _board!.Wait(microseconds);
        return EfiStatus.Success;
    }

    private sealed class Board(ulong[] disturbances) : RefusingHardware
    {
        private readonly Queue<ulong> _disturbances = new(disturbances);
        private ulong _ticks = 1_000_000_000_000;

        public override ulong TimeStampCounter => _ticks;

        public void Wait(ulong microseconds)
        {
            if (disturbances.Length != 0)
            {
                _ticks += (microseconds + _disturbances.Dequeue()) * TicksPerMicrosecond;
            }
        }
    }
}
