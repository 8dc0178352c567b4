using System;
using System.Runtime.InteropServices;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization;

public sealed unsafe class ExtendedStateTests : IDisposable
{
    private const ulong Offered = 7;
    private const nuint PageBytes = 4096;

    private readonly byte* _area = (byte*)NativeMemory.AlignedAlloc(PageBytes, PageBytes);
    private readonly FakeHardware _hardware = new() { Xcr0 = Offered };

    public ExtendedStateTests()
    {
        Cpu.Hardware = _hardware;
        NativeMemory.Clear(_area, PageBytes);
    }

    public void Dispose() => NativeMemory.AlignedFree(_area);

    /// <summary>QEMU's SVM carries a guest's XSETBV out itself, and does not know what the guest is offered.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(7, 7)]
    [InlineData(0x1F, 7)]
    public void An_XCR0_that_a_guest_set_without_an_exit_is_kept_for_it_and_for_nobody_else(ulong written, ulong kept)
    {
        HostContext host = new() { ExtendedStates = Offered };
        ExtendedState state = default;
        state.Initialize(_area);
        state.Load(&host);
        Assert.Equal(1ul, _hardware.Xcr0);

        _hardware.Xcr0 = written;
        state.Unload(&host);
        Assert.Equal((kept, Offered), (state.Control, _hardware.Xcr0));

        state.Load(&host);
        Assert.Equal(kept, _hardware.Xcr0);
    }
}
