namespace Ember.Sdk.Fat;

/// <summary>The kinds of FAT volume; the number is the bits of an entry of its allocation table.</summary>
public enum FatType
{
    /// <summary>Up to 4,084 clusters.</summary>
    Fat12 = 12,

    /// <summary>4,085 to 65,524 clusters.</summary>
    Fat16 = 16,

    /// <summary>65,525 clusters and more.</summary>
    Fat32 = 32,
}
