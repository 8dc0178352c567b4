namespace Ember.Platform.Processors;

/// <summary>Bits of CR0 (AMD APM volume 2, section 3.1.1).</summary>
public static class Cr0
{
    public const ulong ProtectionEnable = 1UL << 0;
    public const ulong MonitorCoprocessor = 1UL << 1;
    public const ulong Emulation = 1UL << 2;
    public const ulong TaskSwitched = 1UL << 3;
    public const ulong ExtensionType = 1UL << 4;
    public const ulong NumericError = 1UL << 5;
    public const ulong WriteProtect = 1UL << 16;
    public const ulong NotWriteThrough = 1UL << 29;
    public const ulong CacheDisable = 1UL << 30;
    public const ulong Paging = 1UL << 31;
}

/// <summary>Bits of CR4 (AMD APM volume 2, section 3.1.3).</summary>
public static class Cr4
{
    public const ulong PageSizeExtensions = 1UL << 4;
    public const ulong PhysicalAddressExtension = 1UL << 5;
    public const ulong MachineCheckEnable = 1UL << 6;
    public const ulong PageGlobalEnable = 1UL << 7;
    public const ulong OsFxsr = 1UL << 9;
    public const ulong OsXmmExceptions = 1UL << 10;
    public const ulong FiveLevelPaging = 1UL << 12;
    public const ulong VirtualMachineExtensionsEnable = 1UL << 13;
    public const ulong OsXsave = 1UL << 18;
    public const ulong SupervisorExecutionPrevention = 1UL << 20;
    public const ulong SupervisorAccessPrevention = 1UL << 21;
    public const ulong ProtectionKeyEnable = 1UL << 22;
}

/// <summary>Bits of the EFER MSR (AMD APM volume 2, section 3.1.7).</summary>
public static class Efer
{
    public const ulong SystemCallExtensions = 1UL << 0;
    public const ulong LongModeEnable = 1UL << 8;
    public const ulong LongModeActive = 1UL << 10;
    public const ulong NoExecuteEnable = 1UL << 11;
    public const ulong SecureVirtualMachineEnable = 1UL << 12;
    public const ulong FastFxsave = 1UL << 14;
    public const ulong AutomaticIbrsEnable = 1UL << 21;
}

/// <summary>Bits of RFLAGS (AMD APM volume 2, section 3.1.6).</summary>
public static class Rflags
{
    public const ulong AlwaysOne = 1UL << 1;
    public const ulong Trap = 1UL << 8;
    public const ulong InterruptEnable = 1UL << 9;
    public const ulong Direction = 1UL << 10;
    public const ulong AlignmentCheck = 1UL << 18;
}
