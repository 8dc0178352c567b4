namespace Ember.Core.Virtualization.Svm;

/// <summary>#VMEXIT codes (AMD APM volume 2, appendix C).</summary>
internal static class SvmExitCode
{
    public const uint FirstException = 0x40;
    public const uint LastException = 0x5F;
    public const uint PhysicalInterrupt = 0x60;
    public const uint NonMaskableInterrupt = 0x61;
    public const uint Init = 0x63;
    public const uint VirtualInterrupt = 0x64;
    public const uint Rdpmc = 0x6F;
    public const uint Cpuid = 0x72;
    public const uint Invd = 0x76;
    public const uint Hlt = 0x78;
    public const uint Invlpga = 0x7A;
    public const uint IoPort = 0x7B;
    public const uint Msr = 0x7C;
    public const uint FerrFreeze = 0x7E;
    public const uint Shutdown = 0x7F;
    public const uint Vmrun = 0x80;
    public const uint Vmmcall = 0x81;
    public const uint Skinit = 0x86;
    public const uint Icebp = 0x88;
    public const uint Wbinvd = 0x89;
    public const uint Monitor = 0x8A;
    public const uint Mwait = 0x8B;
    public const uint MwaitArmed = 0x8C;
    public const uint Xsetbv = 0x8D;
    public const uint Rdpru = 0x8E;
    public const uint NestedPageFault = 0x400;

    /// <summary>All ones in hardware; QEMU 7.2 stores only the low half, so only that is compared.</summary>
    public const uint Invalid = 0xFFFF_FFFF;
}
