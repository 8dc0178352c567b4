using System;
using System.Runtime.InteropServices;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>A virtual processor whose control block a test reads and writes by the manual's offsets, as a processor does.</summary>
internal sealed unsafe class SvmBench : IDisposable
{
    public const ulong NestedRoot = 0x1234_5000;
    public const ulong Machine = 7;
    public const ulong HostState = 0x8_8000;
    private const nuint PageBytes = 4096;
    private static readonly nuint _pages = (nuint)SvmProcessor.PagesNeeded;
    private static readonly nuint _sharedPages = (nuint)SvmProcessor.SharedPages;
    private readonly byte* _memory = (byte*)NativeMemory.AlignedAlloc(_pages * PageBytes, PageBytes);
    private readonly byte* _shared = (byte*)NativeMemory.AlignedAlloc(_sharedPages * PageBytes, PageBytes);
    private readonly HostContext* _host = (HostContext*)NativeMemory.AllocZeroed((nuint)sizeof(HostContext));
    private readonly SvmProcessor* _processor = (SvmProcessor*)NativeMemory.AllocZeroed((nuint)sizeof(SvmProcessor));

    public SvmBench(bool savesNextRip = true)
    {
        NativeMemory.Clear(_memory, _pages * PageBytes);
        Hardware.CpuidLeaves[(0x8000_000A, 0)] = new CpuidResult { Ebx = 16, Edx = savesNextRip ? 0x9u : 0x1u };
        Hardware.CpuidLeaves[(1, 0)] = new CpuidResult { Ecx = 1 << 26 };
        Hardware.CpuidLeaves[(0xD, 0)] = new CpuidResult { Eax = 0x2E7 };
        Hardware.ControlRegisters[2] = 0x5EC2_E75A;
        Host.Prepare(16);
        Host.HostState = HostState;
        SvmProcessor.InitializeShared(_shared);
        Processor.Initialize(_memory, NestedRoot, Machine);
        Processor.Load(ref Host);
    }

    public FakeHardware Hardware { get; } = new();

    public ref SvmProcessor Processor => ref *_processor;

    public ref HostContext Host => ref *_host;

    public ulong Address => (ulong)_memory;

    /// <summary>Everything <see cref="SvmProcessor.InitializeShared"/> was given.</summary>
    public ReadOnlySpan<byte> Shared => new(_shared, (int)(_sharedPages * PageBytes));

    public ulong SharedAddress => (ulong)_shared;

    /// <summary>A field of the control block.</summary>
    public ref T At<T>(int offset)
        where T : unmanaged => ref *(T*)(_memory + offset);

    /// <summary>Starts the machine again in the same pages.</summary>
    public void Restart()
    {
        NativeMemory.Clear(_memory, _pages * PageBytes);
        Processor.Initialize(_memory, NestedRoot, Machine);
        Processor.Load(ref Host);
    }

    /// <summary>Lets the guest run until the exit that <paramref name="guest"/> describes.</summary>
    public VmExit Run(Action guest)
    {
        Cpu.Hardware = Hardware;
        Hardware.Running = (registers, vmcb) =>
        {
            Assert.Equal((nint)_processor, registers);
            Assert.Equal(Address, vmcb);
            guest();
        };
        Processor.Run(out VmExit exit);
        return exit;
    }

    /// <summary>An exit with its code and particulars.</summary>
    public VmExit Exit(ulong code, ulong info1 = 0, ulong info2 = 0) => Run(() =>
    {
        At<ulong>(0x70) = code;
        At<ulong>(0x78) = info1;
        At<ulong>(0x80) = info2;
    });

    public void Dispose()
    {
        NativeMemory.Free(_processor);
        NativeMemory.Free(_host);
        NativeMemory.AlignedFree(_shared);
        NativeMemory.AlignedFree(_memory);
    }
}
