namespace Ember.Platform.Faults;

/// <summary>Operation codes of UNWIND_CODE, version 1 (Microsoft, x64 exception handling).</summary>
internal enum UnwindOperation
{
    PushNonvolatile = 0,
    AllocateLarge = 1,
    AllocateSmall = 2,
    SetFrameRegister = 3,
    SaveNonvolatile = 4,
    SaveNonvolatileFar = 5,
    SaveXmm128 = 8,
    SaveXmm128Far = 9,
    PushMachineFrame = 10,
}
