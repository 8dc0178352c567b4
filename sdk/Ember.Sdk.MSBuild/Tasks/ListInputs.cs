using Microsoft.Build.Framework;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>Names the vendor's files that an appliance is made of, so that it is built again when one of them changes.</summary>
public sealed class ListInputs : ManifestTask
{
    /// <summary>Their full paths, but for the manifest's.</summary>
    [Output]
    public string[] Inputs { get; set; } = [];

    /// <inheritdoc/>
    protected override void Run() => Inputs = [.. ManifestInputs.Of(ReadManifest())];
}
