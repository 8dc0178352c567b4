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

    /// <summary>Pages <see cref="InitializeShared"/> needs, contiguous.</summary>
    static abstract ulong SharedPages { get; }

    /// <summary>Pages <see cref="Initialize"/> needs, contiguous and zeroed.</summary>
    static abstract ulong PagesNeeded { get; }

    /// <summary>Switches the extension on for the current physical processor.</summary>
    /// <param name="host">What the back end keeps of the processor: zeroed, and at this address for good.</param>
    /// <param name="pages"><see cref="HostPages"/> zeroed pages for the processor's own use, kept for good.</param>
    static abstract void Enable(ref HostContext host, byte* pages);

    /// <summary>Prepares what all virtual processors of all machines share: once, before any of them.</summary>
    /// <param name="pages"><see cref="SharedPages"/> pages, kept for good.</param>
    static abstract void InitializeShared(byte* pages);

    /// <summary>Prepares a processor that has not run yet, or one whose machine starts again. No virtual processor may be loaded on
    /// the calling physical processor, and this one nowhere.</summary>
    /// <param name="pages"><see cref="PagesNeeded"/> zeroed pages, kept for good.</param>
    /// <param name="nestedRoot">Physical address of the nested page tables.</param>
    /// <param name="machine">Any number that no other machine has, not 0.</param>
    void Initialize(byte* pages, ulong nestedRoot, ulong machine);

    /// <summary>Gives the calling physical processor to this virtual one until <see cref="Unload"/>. Everything below needs that.</summary>
    /// <param name="host">The physical processor's; none is loaded there.</param>
    void Load(ref HostContext host);

    /// <summary>Takes everything of the guest out of the physical processor, so that another can run there, or this one elsewhere.</summary>
    /// <param name="host">The one of <see cref="Load"/>.</param>
    void Unload(ref HostContext host);

    /// <summary>Puts the processor where a boot protocol wants the guest to begin.</summary>
    void Enter(in GuestEntry entry);

    /// <summary>The state after INIT (AMD APM volume 2, table 14-1; Intel SDM volume 3, table 10-1).</summary>
    void Reset();

    /// <summary>A start-up IPI: real mode at <paramref name="vector"/> × 4 KiB, after <see cref="Reset"/>.</summary>
    void Start(byte vector);

    /// <summary>Runs the guest until it exits.</summary>
    void Run(out VmExit exit);

    [UnscopedRef]
    ref GuestRegisters Registers { get; }

    ulong InstructionPointer { get; }

    [UnscopedRef]
    ref ulong StackPointer { get; }

    /// <summary>RFLAGS.</summary>
    ulong Flags { get; set; }

    /// <summary>RFLAGS.IF.</summary>
    bool InterruptsEnabled { get; }

    /// <summary>CR0, CR3, CR4 and EFER as the guest sees them: how it translates addresses.</summary>
    PagingState Paging { get; }

    ulong Cr4 { get; }

    /// <summary>Base address of the code segment, which 64-bit mode takes as 0 whatever it is.</summary>
    ulong CodeSegmentBase { get; }

    /// <summary>A segment register.</summary>
    SegmentState Segment(SegmentRegister segment);

    /// <summary>How the guest's code is decoded.</summary>
    OperatingMode Mode { get; }

    /// <summary>Whether the guest runs at privilege level 3.</summary>
    bool IsUser { get; }

    ulong Efer { get; set; }

    ulong PageAttributeTable { get; set; }

    /// <summary>The guest's CR8, 0 to 15.</summary>
    byte TaskPriority { get; set; }

    /// <summary>The guest's XCR0.</summary>
    ulong ExtendedControl { get; }

    /// <summary>Whether an interrupt could be delivered at the next entry.</summary>
    bool CanTakeInterrupt { get; }

    /// <summary>Whether an NMI could be delivered at the next entry: none is being handled.</summary>
    bool CanTakeNonMaskable { get; }

    /// <summary>Sets the guest's XCR0 to a value that has been checked.</summary>
    void SetExtendedControl(ulong value);

    /// <summary>Moves past a completed instruction.</summary>
    void Advance(int length);

    void InjectInterrupt(byte vector);

    void InjectException(byte vector);

    void InjectException(byte vector, uint errorCode);

    /// <summary>#PF with its error code, and the address in CR2.</summary>
    void InjectPageFault(ulong address, uint errorCode);

    /// <summary>Asks for an <see cref="ExitKind.InterruptWindow"/> exit as soon as the guest can take an interrupt.</summary>
    void RequestInterruptWindow();

    void InjectNonMaskable();

    /// <summary>Asks for an <see cref="ExitKind.InterruptWindow"/> exit as soon as the guest can take an NMI.</summary>
    void RequestNonMaskableWindow();
}
