using System;
using System.Runtime.InteropServices;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Vmx;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>A virtual processor whose control structure a test reads and writes by the manual's encodings, as a processor does.</summary>
internal sealed unsafe class VmxBench : IDisposable
{
    public const ulong NestedRoot = 0x1234_5000;
    public const ulong Machine = 7;
    private const nuint PageBytes = 4096;
    private static readonly nuint _pages = (nuint)VmxProcessor.PagesNeeded;
    private readonly byte* _shared = (byte*)NativeMemory.AlignedAlloc(PageBytes, PageBytes);
    private readonly HostContext* _host = (HostContext*)NativeMemory.AllocZeroed((nuint)sizeof(HostContext));
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(_pages * PageBytes, PageBytes);
    private readonly VmxProcessor* _processor = (VmxProcessor*)NativeMemory.AllocZeroed((nuint)sizeof(VmxProcessor));
    private readonly ulong* _globalDescriptors = (ulong*)NativeMemory.AllocZeroed(40);

    public VmxBench()
    {
        NativeMemory.Clear(_memory, _pages * PageBytes);
        VmxMachine.Describe(Hardware);

        // A busy TSS of 68h bytes at FFFF_8000_8923_4567h: the base lies in three pieces.
        _globalDescriptors[3] = 0x8900_8B23_4567_0067;
        _globalDescriptors[4] = 0xFFFF_8000;
        Hardware.GlobalDescriptors = new DescriptorTablePointer { Base = (ulong)_globalDescriptors, Limit = 39 };
        Hardware.InterruptDescriptors = new DescriptorTablePointer { Base = 0x7777_0000, Limit = 0xFFF };
        Host.Prepare(1 << 16);
        VmxProcessor.InitializeShared(_shared);
        Processor.Initialize(_memory, NestedRoot, Machine);
        Processor.Load(ref Host);
    }

    public FakeHardware Hardware { get; } = new();

    public ref VmxProcessor Processor => ref *_processor;

    public ref HostContext Host => ref *_host;

    public ulong Address => (ulong)_memory;

    public ulong GlobalDescriptors => (ulong)_globalDescriptors;

    /// <summary>Everything <see cref="VmxProcessor.Initialize"/> was given.</summary>
    public ReadOnlySpan<byte> Pages => new(_memory, (int)(_pages * PageBytes));

    /// <summary>The page <see cref="VmxProcessor.InitializeShared"/> was given.</summary>
    public ReadOnlySpan<byte> Shared => new(_shared, (int)PageBytes);

    public ulong SharedAddress => (ulong)_shared;

    /// <summary>A field of the control structure.</summary>
    public ulong this[ulong field]
    {
        get => Hardware.VmxRead(field);
        set => Hardware.VmxWrite(field, value);
    }

    /// <summary>Starts the machine again in the same pages.</summary>
    public void Restart()
    {
        NativeMemory.Clear(_memory, _pages * PageBytes);
        Processor.Initialize(_memory, NestedRoot, Machine);
        Processor.Load(ref Host);
    }

    /// <summary>Lets the guest run until the exit that <paramref name="guest"/> describes; the world switch reads some of it.</summary>
    public VmExit Run(Action guest)
    {
        Cpu.Hardware = Hardware;
        Hardware.Entering = registers =>
        {
            Assert.Equal((nint)_processor, registers);
            guest();
            var read = (GuestRegisters*)registers;
            read->ExitReason = this[0x4402];
            read->ExitLength = this[0x440C];
            read->ExitRip = this[0x681E];
            read->ExitInterruptibility = this[0x4824];
            return 0;
        };
        Processor.Run(out VmExit exit);
        return exit;
    }

    /// <summary>An exit with its reason, qualification and length.</summary>
    public VmExit Exit(uint reason, ulong qualification = 0, byte length = 0) => Run(() =>
    {
        this[0x4402] = reason;
        this[0x6400] = qualification;
        this[0x440C] = length;

        // The processor clears the valid bit of what it has delivered (section 26.6.1).
        this[0x4016] &= ~(1ul << 31);
    });

    public void Dispose()
    {
        NativeMemory.Free(_processor);
        NativeMemory.Free(_globalDescriptors);
        NativeMemory.Free(_host);
        NativeMemory.AlignedFree(_shared);
        NativeMemory.AlignedFree(_memory);
    }
}
