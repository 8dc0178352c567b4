using System.IO;
using Ember.Sdk.Compilation;
using Ember.Sdk.Manifests;
using Microsoft.Build.Framework;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>A task that reads an appliance's manifest.</summary>
public abstract class ManifestTask : EmberTask
{
    /// <summary>The manifest's full path.</summary>
    [Required]
    public string Manifest
    {
        get;

        // MSBuild may join folders by two separators, and messages are compared with it.
        set => field = Path.GetFullPath(value);
    } = "/";

    /// <summary>The project that <see cref="Manifest"/> was written from, for messages; null when the vendor wrote it.</summary>
    public string? GeneratedBy { get; set; }

    /// <summary>See <see cref="ApplianceBuild.Variant"/>.</summary>
    public string? Variant { get; set; }

    /// <inheritdoc/>
    protected sealed override string OriginOf(string file) => file == Manifest && GeneratedBy is not null ? GeneratedBy : file;

    /// <summary>Reads it.</summary>
    /// <exception cref="EmberException">It is absent or wrong, or not called as manifests are (exit code 2).</exception>
    protected Manifest ReadManifest() => Path.GetFileName(Manifest) == ApplianceBuild.ManifestFile
        ? ApplianceBuild.ReadManifest(Path.GetDirectoryName(Manifest)!, Variant)
        : throw new EmberException(ErrorKind.Input, $"{Manifest}: a manifest is called {ApplianceBuild.ManifestFile}; rename it");
}
