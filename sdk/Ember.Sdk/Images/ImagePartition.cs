using Ember.Sdk.Fat;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Images;

/// <summary>Where a partition of an image goes.</summary>
/// <param name="Request">What it is to be.</param>
/// <param name="Offset">Where it begins, in bytes from the start of the image.</param>
/// <param name="Size">Its length in bytes.</param>
/// <param name="Volume">How its volume is laid out; null when it has none.</param>
public sealed record ImagePartition(PartitionRequest Request, long Offset, long Size, FatLayout? Volume)
{
    /// <summary>First sector.</summary>
    public long FirstLba => Offset / GptTable.SectorSize;

    /// <summary>Last sector.</summary>
    public long LastLba => FirstLba + Size / GptTable.SectorSize - 1;
}
