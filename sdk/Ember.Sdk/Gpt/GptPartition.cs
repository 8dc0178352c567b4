using System;

namespace Ember.Sdk.Gpt;

/// <summary>One partition of a GUID partition table (UEFI 2.10 §5.3.3).</summary>
/// <param name="Type">What it holds, for example <see cref="GptPartitionType.EfiSystem"/>.</param>
/// <param name="Id">Its own identifier, unique on the disk.</param>
/// <param name="FirstLba">First sector.</param>
/// <param name="LastLba">Last sector, inclusive.</param>
/// <param name="Name">At most <see cref="GptTable.MaximumNameLength"/> UTF-16 units.</param>
/// <param name="Attributes">Bits 0 to 2 are UEFI's, 48 to 63 the type's; the rest is zero.</param>
public sealed record GptPartition(Guid Type, Guid Id, long FirstLba, long LastLba, string Name, ulong Attributes = 0)
{
    /// <summary>Length in sectors.</summary>
    public long SectorCount => LastLba - FirstLba + 1;
}
