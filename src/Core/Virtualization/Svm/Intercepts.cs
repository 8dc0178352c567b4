using System;

namespace Ember.Core.Virtualization.Svm;

/// <summary>Intercept vector 3 of the VMCB, offset 00Ch (AMD APM volume 2, appendix B, table B-1).</summary>
[Flags]
internal enum Intercept1 : uint
{
    PhysicalInterrupt = 1u << 0,
    NonMaskableInterrupt = 1u << 1,
    Init = 1u << 3,
    VirtualInterrupt = 1u << 4,
    Rdpmc = 1u << 15,
    Cpuid = 1u << 18,
    InterruptReturn = 1u << 20,
    Invd = 1u << 22,
    Hlt = 1u << 24,
    Invlpga = 1u << 26,
    IoPort = 1u << 27,
    Msr = 1u << 28,
    TaskSwitch = 1u << 29,
    FerrFreeze = 1u << 30,
    Shutdown = 1u << 31,
}

/// <summary>Intercept vector 4 of the VMCB, offset 010h (AMD APM volume 2, appendix B, table B-1).</summary>
[Flags]
internal enum Intercept2 : uint
{
    Vmrun = 1u << 0,
    Vmmcall = 1u << 1,
    Vmload = 1u << 2,
    Vmsave = 1u << 3,
    Stgi = 1u << 4,
    Clgi = 1u << 5,
    Skinit = 1u << 6,
    Icebp = 1u << 8,
    Wbinvd = 1u << 9,
    Monitor = 1u << 10,
    Mwait = 1u << 11,
    MwaitArmed = 1u << 12,
    Xsetbv = 1u << 13,
    Rdpru = 1u << 14,
}
