using System;
using System.Runtime.InteropServices;
using Ember.Core.Processors;
using Ember.Core.Tests.Hosting;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Processors;

/// <summary>One processor, which finds itself by its descriptor tables.</summary>
public sealed unsafe class TranslationShootdownTests : IDisposable
{
    private readonly HostProcessor* _processor = (HostProcessor*)NativeMemory.AllocZeroed((nuint)sizeof(HostProcessor));
    private readonly FakeHardware _hardware = new();

    public void Dispose() => NativeMemory.Free(_processor);

    [Fact]
    public void A_processor_forgets_its_translations_once_for_each_time()
    {
        _hardware.GlobalDescriptors = new DescriptorTablePointer { Base = (ulong)_processor };
        Assert.True(HostProcessors.Current == _processor);

        TranslationShootdown.Run();
        _hardware.ControlRegisters[3] = 0x1000;
        TranslationShootdown.Serve();

        // It would be refused now: CR3 is not there.
        _hardware.ControlRegisters.Clear();
        TranslationShootdown.Serve();

        TranslationShootdown.Run();
        Assert.Throws<InvalidOperationException>(TranslationShootdown.Serve);
    }
}
