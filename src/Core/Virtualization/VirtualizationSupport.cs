using System;

namespace Ember.Core.Virtualization;

/// <summary>Whether and why not a processor can run guests.</summary>
internal enum VirtualizationSupport : byte
{
    Available,
    Missing,
    SvmDisabledByFirmware,
    NestedPagingMissing,
    VmxDisabledByFirmware,

    /// <summary>Some control that this core uses cannot be set.</summary>
    VmxControlsMissing,
    EptMissing,
    UnrestrictedGuestMissing,
    VpidMissing,
}

/// <summary>The reasons in words.</summary>
internal static class VirtualizationSupportText
{
    /// <summary>A line that says what the processor lacks and what to do.</summary>
    public static ReadOnlySpan<byte> Of(VirtualizationSupport support) => support switch
    {
        VirtualizationSupport.Available => "processor: runs virtual machines with nested paging"u8,
        VirtualizationSupport.SvmDisabledByFirmware =>
            "processor: AMD SVM is disabled by the firmware; enable SVM (virtualization) in its setup"u8,
        VirtualizationSupport.NestedPagingMissing => "processor: AMD SVM without nested paging; a newer processor is needed"u8,
        VirtualizationSupport.VmxDisabledByFirmware =>
            "processor: Intel VMX is disabled by the firmware; enable VT-x (virtualization) in its setup"u8,
        VirtualizationSupport.VmxControlsMissing =>
            "processor: Intel VMX without controls that this core needs; a newer processor is needed"u8,
        VirtualizationSupport.EptMissing =>
            "processor: Intel VMX without extended page tables (EPT) of four levels; a newer processor is needed"u8,
        VirtualizationSupport.UnrestrictedGuestMissing =>
            "processor: Intel VMX without unrestricted guests; a newer processor is needed"u8,
        VirtualizationSupport.VpidMissing => "processor: Intel VMX without VPID; a newer processor is needed"u8,
        _ => "processor: neither AMD SVM nor Intel VMX; this core cannot run virtual machines on it"u8,
    };
}
