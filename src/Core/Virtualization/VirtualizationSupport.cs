using System;

namespace Ember.Core.Virtualization;

/// <summary>Whether and why not a processor can run guests.</summary>
internal enum VirtualizationSupport : byte
{
    Available,
    Missing,
    DisabledByFirmware,
    NestedPagingMissing,
}

/// <summary>The reasons in words.</summary>
internal static class VirtualizationSupportText
{
    /// <summary>A line that says what the processor lacks and what to do.</summary>
    public static ReadOnlySpan<byte> Of(VirtualizationSupport support) => support switch
    {
        VirtualizationSupport.Available => "processor: AMD SVM with nested paging"u8,
        VirtualizationSupport.DisabledByFirmware =>
            "processor: AMD SVM is disabled by the firmware; enable SVM (virtualization) in its setup"u8,
        VirtualizationSupport.NestedPagingMissing => "processor: AMD SVM without nested paging; a newer processor is needed"u8,
        _ => "processor: no AMD SVM; this core cannot run virtual machines on it"u8,
    };
}
