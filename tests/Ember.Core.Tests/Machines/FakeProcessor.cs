using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Memory;

namespace Ember.Core.Tests.Machines;

/// <summary>A back end whose guest is a script: each step sets registers and says which exit it causes.</summary>
internal unsafe struct FakeProcessor : IVirtualProcessor
{
    [ThreadStatic]
    private static Queue<Step>? _steps;

    [ThreadStatic]
    private static List<string>? _events;

    private GuestRegisters _registers;
    private ulong _stackPointer;
    private bool _eventPending;

    internal delegate VmExit Step(ref FakeProcessor processor);

    /// <summary>What the guest does, in order.</summary>
    public static Queue<Step> Steps => _steps ??= new Queue<Step>();

    /// <summary>What was injected, in order.</summary>
    public static List<string> Events => _events ??= [];

    public static VirtualizationSupport Support => VirtualizationSupport.Available;

    public static PageTableFormat NestedFormat => PageTableFormat.LongMode;

    public static bool HasHugeNestedPages => false;

    public static ulong HostPages => 0;

    public static ulong SharedPages => 0;

    public static ulong PagesNeeded => 0;

    [UnscopedRef]
    public ref GuestRegisters Registers => ref _registers;

    [UnscopedRef]
    public ref ulong StackPointer => ref _stackPointer;

    public ulong InstructionPointer { readonly get; set; }

    public ulong Flags { readonly get; set; }

    public bool InterruptsEnabled { readonly get; set; }

    public PagingState Paging { readonly get; set; }

    public ulong Cr4 { readonly get; set; }

    public readonly ulong CodeSegmentBase => 0;

    public OperatingMode Mode { readonly get; set; }

    /// <summary>What every segment register is.</summary>
    public SegmentState AllSegments { readonly get; set; }

    public bool IsUser { readonly get; set; }

    public ulong Efer { readonly get; set; }

    public ulong PageAttributeTable { readonly get; set; }

    public byte TaskPriority { readonly get; set; }

    public ulong ExtendedControl { readonly get; private set; }

    public readonly bool CanTakeNonMaskable => !_eventPending;

    public readonly bool CanTakeInterrupt => InterruptsEnabled && !_eventPending;

    public static void Enable(ref HostContext host, byte* pages)
    {
    }

    public static void InitializeShared(byte* pages) => throw new InvalidOperationException();

    public void Initialize(byte* pages, ulong nestedRoot, ulong machine) => Mode = OperatingMode.Bits64;

    public readonly void Load(ref HostContext host) => Assert.True(host.LastProcessor == null);

    public readonly void Unload(ref HostContext host) => Assert.True(host.LastProcessor == null);

    public readonly void Reset() => Events.Add("reset");

    public readonly void Start(byte vector) => Events.Add($"start {vector}");

    public void SetExtendedControl(ulong value) => ExtendedControl = value;

    public void Enter(in GuestEntry entry) => InstructionPointer = entry.Rip;

    public void Run(out VmExit exit)
    {
        _eventPending = false;
        exit = Steps.Dequeue()(ref this);
    }

    public void Advance(int length) => InstructionPointer += (ulong)length;

    public void InjectInterrupt(byte vector) => Inject($"interrupt {vector}");

    public void InjectException(byte vector) => Inject($"exception {vector}");

    public void InjectException(byte vector, uint errorCode) => Inject($"exception {vector} error {errorCode}");

    public void InjectPageFault(ulong address, uint errorCode) => Inject($"page fault {errorCode} at {address:X}");

    public readonly SegmentState Segment(SegmentRegister segment) => AllSegments;

    public readonly void RequestInterruptWindow() => Events.Add("window");

    public void InjectNonMaskable() => Inject("nmi");

    public readonly void RequestNonMaskableWindow() => Events.Add("nmi window");

    private void Inject(string what)
    {
        _eventPending = true;
        Events.Add(what);
    }
}
