using System;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>CR2, which VMRUN does not load everywhere.</summary>
public sealed class SvmPageFaultAddressTests : IDisposable
{
    private readonly SvmBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_new_guest_finds_nothing_of_the_one_before() => Assert.Equal(0ul, _bench.Hardware.ControlRegisters[2]);

    [Fact]
    public void It_comes_back_as_the_guest_left_it()
    {
        _bench.Hardware.ControlRegisters[2] = 0x1234_5678;
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Hardware.ControlRegisters[2] = 0;
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(0x1234_5678ul, _bench.Hardware.ControlRegisters[2]);
    }

    [Fact]
    public void INIT_clears_it()
    {
        _bench.Hardware.ControlRegisters[2] = 0x1234_5678;
        _bench.Processor.Reset();
        Assert.Equal(0ul, _bench.Hardware.ControlRegisters[2]);
    }
}
