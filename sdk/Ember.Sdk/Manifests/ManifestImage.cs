using Ember.Sdk.Images;

namespace Ember.Sdk.Manifests;

/// <summary>How the image is made.</summary>
/// <param name="Layout">How the key is divided.</param>
/// <param name="Label">The volume label of the EFI system partition: 1 to 11 of A to Z, 0 to 9, space, <c>-</c> and <c>_</c>.</param>
/// <param name="HasSecondBank">Whether bank B holds a copy of bank A from the factory on.</param>
/// <param name="Position">Where the manifest says so, for messages about the size; the [appliance] table if it does not.</param>
public sealed record ManifestImage(KeyLayout Layout, string Label, bool HasSecondBank, ManifestPosition Position);
