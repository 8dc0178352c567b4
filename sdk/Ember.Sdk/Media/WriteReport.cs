namespace Ember.Sdk.Media;

/// <summary>What was written.</summary>
public sealed record WriteReport
{
    /// <summary>The image's length in bytes.</summary>
    public required long ImageLength { get; init; }

    /// <summary>The medium's length in bytes.</summary>
    public required long MediumLength { get; init; }

    /// <summary>Bytes of the image, and of the table at the medium's end, that were written.</summary>
    public required long BytesWritten { get; init; }

    /// <summary>Bytes that were on the medium already: equal ones, or zeros in a file that was just made.</summary>
    public required long BytesSkipped { get; init; }

    /// <summary>True if the partition table was fitted to a medium longer than the image.</summary>
    public required bool IsTableMoved { get; init; }

    /// <summary>SHA-256 of the image, lower-case hexadecimal.</summary>
    public required string ImageSha256 { get; init; }

    /// <summary>
    /// SHA-256 of as many bytes from the medium's start as the image has, as they were read back. Equal to the image's unless the table was
    /// moved.
    /// </summary>
    public required string MediumSha256 { get; init; }
}
