using Ember.Sdk.Images;

namespace Ember.Sdk.Compilation;

/// <summary>What building an appliance gave.</summary>
/// <param name="Folder">The folder with everything.</param>
/// <param name="Record">What <c>build.json</c> in it says.</param>
/// <param name="Image">The image in it.</param>
/// <param name="Times">How long it took.</param>
public sealed record BuildResult(BuildFolder Folder, BuildRecord Record, ImageReport Image, BuildTimes Times);
