namespace Ember.Sdk.Images;

/// <summary>A file of an image that was written.</summary>
/// <param name="Path">Its folders and name on the volume, separated by <c>/</c>.</param>
/// <param name="Offset">Where its bytes begin, from the start of the image, all in one piece; zero for an empty file.</param>
/// <param name="Digest">Its length and hashes.</param>
public sealed record ImageFileReport(string Path, long Offset, ContentDigest Digest);
