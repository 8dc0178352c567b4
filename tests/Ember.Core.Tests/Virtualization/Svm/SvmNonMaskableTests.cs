using System;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>NMIs of the guest: one at a time, the next behind the IRET that ends it.</summary>
public sealed class SvmNonMaskableTests : IDisposable
{
    private const int EventInjection = 0x0A8;
    private const int Intercepts = 0x00C;
    private const int Dr6 = 0x568;
    private const int Flags = 0x570;
    private const int Rip = 0x578;
    private const uint InterruptReturn = 1 << 20;
    private const ulong Trap = 1 << 8;
    private readonly SvmBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void An_nmi_has_the_format_of_the_manual_and_its_return_exits()
    {
        Assert.True(_bench.Processor.CanTakeNonMaskable);
        _bench.Processor.InjectNonMaskable();
        Assert.Equal(0x8000_0202ul, _bench.At<ulong>(EventInjection));
        Assert.Equal(InterruptReturn, _bench.At<uint>(Intercepts) & InterruptReturn);
        _bench.Exit(0x72);
        Assert.False(_bench.Processor.CanTakeNonMaskable);
    }

    [Fact]
    public void The_next_waits_until_the_return_is_done()
    {
        Handle();
        _bench.At<ulong>(Rip) = 0x1000;
        Assert.Equal(ExitKind.Resolved, _bench.Exit(0x74).Kind);
        Assert.Equal(0u, _bench.At<uint>(Intercepts) & InterruptReturn);
        Assert.False(_bench.Processor.CanTakeNonMaskable);
        _bench.At<ulong>(Rip) = 0x2000;
        Assert.True(_bench.Processor.CanTakeNonMaskable);
    }

    [Fact]
    public void A_window_opens_behind_the_return_by_a_step_the_guest_does_not_see()
    {
        Handle();
        _bench.Processor.RequestNonMaskableWindow();
        Assert.Equal(0ul, _bench.At<ulong>(Flags) & Trap);
        _bench.At<ulong>(Rip) = 0x1000;
        _bench.Exit(0x74);
        _bench.Processor.RequestNonMaskableWindow();
        Assert.Equal(Trap, _bench.At<ulong>(Flags) & Trap);
        VmExit exit = _bench.Run(() =>
        {
            _bench.At<ulong>(0x70) = 0x41;
            _bench.At<ulong>(Rip) = 0x2000;
            _bench.At<ulong>(Flags) = 0x202;
            _bench.At<ulong>(Dr6) = 0xFFFF_4FF0;
        });
        Assert.Equal(ExitKind.InterruptWindow, exit.Kind);
        Assert.Equal(0xFFFF_0FF0ul, _bench.At<ulong>(Dr6));
        Assert.True(_bench.Processor.CanTakeNonMaskable);

        // The guest's own traps are the guest's.
        Assert.Equal(ExitKind.Exception, _bench.Exit(0x41).Kind);
    }

    [Fact]
    public void A_guest_that_steps_through_its_own_return_keeps_its_trap()
    {
        Handle();
        _bench.At<ulong>(Rip) = 0x1000;
        _bench.At<ulong>(Flags) = 0x102;
        _bench.Exit(0x74);
        _bench.Processor.RequestNonMaskableWindow();
        _bench.At<ulong>(Rip) = 0x2000;
        Assert.Equal(ExitKind.Exception, _bench.Exit(0x41).Kind);
        Assert.True(_bench.Processor.CanTakeNonMaskable);
    }

    [Fact]
    public void A_shadow_and_another_event_come_first()
    {
        _bench.At<ulong>(0x068) = 1;
        Assert.False(_bench.Processor.CanTakeNonMaskable);
        _bench.At<ulong>(0x068) = 0;
        _bench.Processor.InjectException(6);
        Assert.False(_bench.Processor.CanTakeNonMaskable);
    }

    private void Handle()
    {
        _bench.Processor.InjectNonMaskable();
        _bench.Exit(0x72);
    }
}
