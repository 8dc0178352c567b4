using System;

namespace Ember.Sdk.Verification.Tables;

/// <summary>An entry of the partition table that is in use.</summary>
/// <param name="Number">1 for the first entry.</param>
/// <param name="Type">The type's GUID.</param>
/// <param name="Id">Its own GUID.</param>
/// <param name="FirstLba">Its first sector.</param>
/// <param name="LastLba">Its last sector.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Name">Its name, up to the first zero.</param>
internal sealed record PartitionEntry(int Number, Guid Type, Guid Id, ulong FirstLba, ulong LastLba, ulong Attributes, string Name)
{
    /// <summary>Where it begins, in bytes.</summary>
    public long Start => (long)FirstLba * ImageBytes.SectorSize;

    /// <summary>Where it ends, in bytes.</summary>
    public long End => (long)(LastLba + 1) * ImageBytes.SectorSize;

    /// <summary>Bytes of it.</summary>
    public long Length => End - Start;
}
