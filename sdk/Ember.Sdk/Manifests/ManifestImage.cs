namespace Ember.Sdk.Manifests;

/// <summary>How the image is made.</summary>
/// <param name="Size">Bytes of the whole image; null for the smallest that holds its content.</param>
/// <param name="Label">The volume label of the EFI system partition: 1 to 11 of A to Z, 0 to 9, space, <c>-</c> and <c>_</c>.</param>
/// <param name="Position">Where the manifest says so, for messages about the size; the [appliance] table if it does not.</param>
public sealed record ManifestImage(long? Size, string Label, ManifestPosition Position);
