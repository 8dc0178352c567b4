using Ember.Core.Tests.Hosting;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>The capability MSRs of a processor with all that this core needs, as an emulated Haswell has them.</summary>
internal static class VmxMachine
{
    public const uint FeatureControl = 0x3A;
    public const uint Basic = 0x480;
    public const uint Secondary = 0x48B;
    public const uint EptVpid = 0x48C;
    public const uint TruePin = 0x48D;
    public const uint TruePrimary = 0x48E;
    public const uint TrueExit = 0x48F;
    public const uint TrueEntry = 0x490;

    public static void Describe(FakeHardware hardware)
    {
        hardware.CpuidLeaves[(1, 0)] = new CpuidResult { Ecx = 1 << 5 };
        hardware.Msrs[FeatureControl] = 0;
        hardware.Msrs[Basic] = 0x00D8_1000_0000_002B;
        hardware.Msrs[0x486] = 0x8000_0021;
        hardware.Msrs[0x487] = 0xFFFF_FFFF;
        hardware.Msrs[0x488] = 0x2000;
        hardware.Msrs[0x489] = 0x0017_67FF;
        hardware.Msrs[Secondary] = 0x0003_7FFF_0000_0000;
        hardware.Msrs[EptVpid] = 0x0000_0F01_0633_4141;
        hardware.Msrs[TruePin] = 0x0000_007F_0000_0016;
        hardware.Msrs[TruePrimary] = 0xFFF9_FFFE_0400_6172;
        hardware.Msrs[TrueExit] = 0x007F_FFFF_0003_6DFB;
        hardware.Msrs[TrueEntry] = 0x0000_FFFF_0000_11FB;
        hardware.Msrs[0x277] = 0x0007_0406_0007_0106;
        hardware.Msrs[0xC000_0080] = 0xD01;
        hardware.ControlRegisters[0] = 0x8001_0013;
        hardware.ControlRegisters[2] = 0x5EC2_E75A;
        hardware.ControlRegisters[3] = 0x5_4000;
        hardware.ControlRegisters[4] = 0x4_0620;
    }
}
