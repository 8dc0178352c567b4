using System;

namespace Ember.Core.Virtualization.Speculation;

/// <summary>What is done against speculation that reaches across the border of a machine.</summary>
[Flags]
internal enum SpeculationMeasures : uint
{
    None = 0,

    /// <summary>The measures that are bits of the MSR SPEC_CTRL, at their places there: set at start, and never cleared.</summary>
    Control = 0xFFFF,

    /// <summary>IBRS: indirect branches are not predicted by what less privileged code has trained.</summary>
    RestrictIndirect = 1u << 0,

    /// <summary>STIBP: nor by what the other thread of the core has trained.</summary>
    SeparateThreads = 1u << 1,

    /// <summary>SSBD: no load overtakes a store whose address is not known yet.</summary>
    KeepStoresInOrder = 1u << 2,

    /// <summary>BHI_DIS_S: the history of a guest's branches does not choose among the targets of the core's.</summary>
    IgnoreHistory = 1u << 10,

    /// <summary>EFER.AIBRSE, at start: what IBRS does, without being asked.</summary>
    AutomaticRestriction = 1u << 16,

    /// <summary>SSBD in VIRT_SPEC_CTRL, at start, for a core that runs in a virtual machine itself.</summary>
    KeepVirtualStoresInOrder = 1u << 17,

    /// <summary>SSBD in LS_CFG, at start: bit 54 in family 15h, 33 in 16h, 10 in 17h.</summary>
    KeepStoresInOrder15 = 1u << 18,
    KeepStoresInOrder16 = 1u << 19,
    KeepStoresInOrder17 = 1u << 20,

    /// <summary>IBPB, where a virtual processor follows one of another machine: no training is left.</summary>
    BarrierBetweenMachines = 1u << 21,

    /// <summary>IBPB after every exit.</summary>
    BarrierAfterExit = 1u << 24,

    /// <summary>SPEC_CTRL written anew after every exit, without which the old IBRS does nothing for what was trained before.</summary>
    RestrictAfterExit = 1u << 25,

    /// <summary>The stack of predicted returns overwritten after every exit.</summary>
    FillReturnsAfterExit = 1u << 26,

    /// <summary>VERW before every entry: buffers of loads, stores and fills are cleared.</summary>
    ClearBuffersBeforeEntry = 1u << 28,

    /// <summary>The first-level data cache flushed before every entry.</summary>
    FlushDataBeforeEntry = 1u << 29,

    /// <summary>What needs the world switch with guards.</summary>
    Guarded = BarrierAfterExit | RestrictAfterExit | FillReturnsAfterExit | ClearBuffersBeforeEntry | FlushDataBeforeEntry,
}
