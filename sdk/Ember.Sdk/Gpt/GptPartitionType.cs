using System;

namespace Ember.Sdk.Gpt;

/// <summary>Partition type GUIDs (UEFI 2.10 §5.3.3, table 5.7).</summary>
public static class GptPartitionType
{
    /// <summary>An entry that is not in use.</summary>
    public static readonly Guid Unused = Guid.Empty;

    /// <summary>EFI system partition: firmware looks here for <c>\EFI\BOOT\BOOTX64.EFI</c>.</summary>
    public static readonly Guid EfiSystem = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");
}
