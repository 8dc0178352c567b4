using System;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>Pin-based VM-execution controls (Intel SDM volume 3, section 24.6.1).</summary>
[Flags]
internal enum PinControls : uint
{
    ExternalInterruptExiting = 1u << 0,
    NmiExiting = 1u << 3,
    VirtualNmis = 1u << 5,
}

/// <summary>Primary processor-based VM-execution controls (section 24.6.2).</summary>
[Flags]
internal enum PrimaryControls : uint
{
    InterruptWindowExiting = 1u << 2,
    HltExiting = 1u << 7,
    MwaitExiting = 1u << 10,
    RdpmcExiting = 1u << 11,
    Cr3LoadExiting = 1u << 15,
    Cr3StoreExiting = 1u << 16,
    UseTprShadow = 1u << 21,
    NmiWindowExiting = 1u << 22,
    UnconditionalIoExiting = 1u << 24,
    UseMsrBitmaps = 1u << 28,
    MonitorExiting = 1u << 29,
    ActivateSecondaryControls = 1u << 31,
}

/// <summary>Secondary processor-based VM-execution controls (section 24.6.2).</summary>
[Flags]
internal enum SecondaryControls : uint
{
    EnableEpt = 1u << 1,
    EnableRdtscp = 1u << 3,
    EnableVpid = 1u << 5,
    WbinvdExiting = 1u << 6,
    UnrestrictedGuest = 1u << 7,
    EnableInvpcid = 1u << 12,
}

/// <summary>VM-exit controls (section 24.7.1).</summary>
[Flags]
internal enum ExitControls : uint
{
    SaveDebugControls = 1u << 2,
    HostAddressSpaceSize = 1u << 9,
    SavePat = 1u << 18,
    LoadPat = 1u << 19,
    SaveEfer = 1u << 20,
    LoadEfer = 1u << 21,
}

/// <summary>VM-entry controls (section 24.8.1).</summary>
[Flags]
internal enum EntryControls : uint
{
    LoadDebugControls = 1u << 2,
    Ia32eModeGuest = 1u << 9,
    LoadPat = 1u << 14,
    LoadEfer = 1u << 15,
}
