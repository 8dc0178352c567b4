using Ember.Sdk.Images;

namespace Ember.Sdk.Compilation;

/// <summary>What building an appliance gave.</summary>
/// <param name="Folder">The folder with everything.</param>
/// <param name="Record">What <c>build.json</c> in it says.</param>
/// <param name="Image">The image that was written; it is in the folder if its own format was asked for.</param>
/// <param name="Times">How long it took.</param>
public sealed record BuildResult(BuildFolder Folder, BuildRecord Record, ImageReport Image, BuildTimes Times)
{
    /// <summary>What its user should be told, with the manifest's line; null for nothing.</summary>
    public string? Warning { get; init; }
}
