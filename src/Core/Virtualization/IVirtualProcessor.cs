using System.Diagnostics.CodeAnalysis;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Memory;

namespace Ember.Core.Virtualization;

/// <summary>One virtual processor on one vendor's virtualization extension. Everything above Virtualization/ sees only this.</summary>
internal unsafe interface IVirtualProcessor
{
    /// <summary>Whether this processor has the extension, and enabled.</summary>
    static abstract VirtualizationSupport Support { get; }

    /// <summary>What the entries of nested page tables look like.</summary>
    static abstract PageTableFormat NestedFormat { get; }

    /// <summary>Whether nested page tables may have 1 GiB pages.</summary>
    static abstract bool HasHugeNestedPages { get; }

    /// <summary>Pages <see cref="Enable"/> needs, contiguous and zeroed.</summary>
    static abstract ulong HostPages { get; }

    /// <summary>Pages <see cref="Initialize"/> needs, contiguous and zeroed.</summary>
    static abstract ulong PagesNeeded { get; }

    /// <summary>Switches the extension on for the current processor.</summary>
    /// <param name="pages"><see cref="HostPages"/> zeroed pages for the processor's own use, kept for good.</param>
    static abstract void Enable(ref HostContext host, byte* pages);
    static abstract ulong SharedPages { get; }
    static abstract void InitializeShared(byte* pages);
    void Load(ref HostContext host);
    void Unload(ref HostContext host);
    void Reset();
    void Start(byte vector);
    bool CanTakeNonMaskable { get; }
    void InjectNonMaskable();
    void RequestNonMaskableWindow();
    ulong ExtendedControl { get; set; }

    /// <summary>Prepares a processor that has not run yet.</summary>
    /// <param name="pages"><see cref="PagesNeeded"/> zeroed pages, kept for good.</param>
    /// <param name="nestedRoot">Physical address of the nested page tables.</param>
    void Initialize(byte* pages, ulong nestedRoot, ulong machine);

    /// <summary>Puts the processor where a boot protocol wants the guest to begin.</summary>
    void Enter(in GuestEntry entry);

    /// <summary>Runs the guest until it exits.</summary>
    void Run(out VmExit exit);

    [UnscopedRef]
    ref GuestRegisters Registers { get; }

    ulong InstructionPointer { get; }

    [UnscopedRef]
    ref ulong StackPointer { get; }

    /// <summary>RFLAGS.IF.</summary>
    bool InterruptsEnabled { get; }

    /// <summary>CR0, CR3, CR4 and EFER as the guest sees them: how it translates addresses.</summary>
    PagingState Paging { get; }

    ulong Cr4 { get; }

    /// <summary>Base address of the code segment, which 64-bit mode takes as 0 whatever it is.</summary>
    ulong CodeSegmentBase { get; }

    /// <summary>How the guest's code is decoded.</summary>
    OperatingMode Mode { get; }

    /// <summary>Whether the guest runs at privilege level 3.</summary>
    bool IsUser { get; }

    ulong Efer { get; set; }

    ulong PageAttributeTable { get; set; }

    /// <summary>The guest's CR8, 0 to 15.</summary>
    byte TaskPriority { get; set; }

    /// <summary>Whether an interrupt could be delivered at the next entry.</summary>
    bool CanTakeInterrupt { get; }

    /// <summary>Moves past a completed instruction.</summary>
    void Advance(int length);

    void InjectInterrupt(byte vector);

    void InjectException(byte vector);

    void InjectException(byte vector, uint errorCode);

    /// <summary>Asks for an <see cref="ExitKind.InterruptWindow"/> exit as soon as the guest can take an interrupt.</summary>
    void RequestInterruptWindow();
}
