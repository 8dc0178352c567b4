using System;

namespace Ember.Sdk.Gpt;

/// <summary>Partition type GUIDs (UEFI 2.10 §5.3.3, table 5.7).</summary>
public static class GptPartitionType
{
    /// <summary>An entry that is not in use.</summary>
    public static readonly Guid Unused = Guid.Empty;

    /// <summary>EFI system partition: firmware looks here for <c>\EFI\BOOT\BOOTX64.EFI</c>.</summary>
    public static readonly Guid EfiSystem = new("c12a7328-f81f-11d2-ba4b-00a0c93ec93b");

    /// <summary>Microsoft basic data: a file system that any system may show, as a bank is.</summary>
    public static readonly Guid BasicData = new("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7");

    /// <summary>Ember's own: the state of the banks, sectors without a file system.</summary>
    public static readonly Guid EmberState = new("7f3c1d52-9a64-4e0b-b8a1-56e2c04d9b17");
}
