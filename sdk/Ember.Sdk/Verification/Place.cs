namespace Ember.Sdk.Verification;

/// <summary>Where in an image something is.</summary>
/// <param name="Part">The partition, or a part of the partition table.</param>
/// <param name="Path">The file or folder; null for none.</param>
/// <param name="Offset">Bytes from the start of the image; null where there is no one place.</param>
public sealed record Place(string Part, string? Path = null, long? Offset = null)
{
    private const int SectorSize = 512;

    /// <summary>The sector of <see cref="Offset"/>, of 512 bytes.</summary>
    public long? Lba => Offset / SectorSize;

    /// <inheritdoc/>
    public override string ToString() => Path is null ? Part : $"{Part}: {Path}";

    internal Place At(long offset) => this with { Offset = offset };

    internal Place Of(string path) => this with { Path = path };
}
