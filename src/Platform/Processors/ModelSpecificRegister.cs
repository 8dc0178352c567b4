namespace Ember.Platform.Processors;

/// <summary>MSR numbers (AMD APM volume 2, appendix A; Intel SDM volume 4, chapter 2).</summary>
public static class ModelSpecificRegister
{
    public const uint TimeStampCounter = 0x10;
    public const uint ApicBase = 0x1B;
    public const uint SystemManagementCount = 0x34;
    public const uint FeatureControl = 0x3A;
    public const uint SpectreControl = 0x48;
    public const uint PredictionCommand = 0x49;
    public const uint PatchLevel = 0x8B;
    public const uint MtrrCapabilities = 0xFE;
    public const uint ArchitecturalCapabilities = 0x10A;
    public const uint FlushCommand = 0x10B;
    public const uint MiscFeatureEnables = 0x140;
    public const uint SysenterCs = 0x174;
    public const uint SysenterEsp = 0x175;
    public const uint SysenterEip = 0x176;
    public const uint MiscEnable = 0x1A0;
    public const uint PageAttributeTable = 0x277;
    public const uint VmxBasic = 0x480;
    public const uint VmxCr0Fixed0 = 0x486;
    public const uint VmxCr0Fixed1 = 0x487;
    public const uint VmxCr4Fixed0 = 0x488;
    public const uint VmxCr4Fixed1 = 0x489;
    public const uint VmxSecondaryControls = 0x48B;
    public const uint VmxEptVpidCapabilities = 0x48C;
    public const uint VmxTruePinControls = 0x48D;
    public const uint VmxTruePrimaryControls = 0x48E;
    public const uint VmxTrueExitControls = 0x48F;
    public const uint VmxTrueEntryControls = 0x490;
    public const uint TscDeadline = 0x6E0;
    public const uint X2ApicFirst = 0x800;
    public const uint X2ApicLast = 0x8FF;
    public const uint ExtendedSupervisorState = 0xDA0;
    public const uint KvmWallClock = 0x4B56_4D00;
    public const uint KvmSystemTime = 0x4B56_4D01;
    public const uint Efer = 0xC000_0080;
    public const uint Star = 0xC000_0081;
    public const uint LongStar = 0xC000_0082;
    public const uint CompatibilityStar = 0xC000_0083;
    public const uint SyscallFlagMask = 0xC000_0084;
    public const uint FsBase = 0xC000_0100;
    public const uint GsBase = 0xC000_0101;
    public const uint KernelGsBase = 0xC000_0102;
    public const uint TscAux = 0xC000_0103;
    public const uint PerformanceEventSelect0 = 0xC001_0000;
    public const uint SystemConfiguration = 0xC001_0010;
    public const uint HardwareConfiguration = 0xC001_0015;
    public const uint NorthbridgeConfiguration = 0xC001_001F;
    public const uint InterruptPendingMessage = 0xC001_0055;
    public const uint VmCr = 0xC001_0114;
    public const uint VmHostSavePhysicalAddress = 0xC001_0117;
    public const uint VirtualSpectreControl = 0xC001_011F;
    public const uint LoadStoreConfiguration = 0xC001_1020;
    public const uint BusUnitConfiguration2 = 0xC001_102A;
    public const uint DecodeConfiguration = 0xC001_1029;
}
