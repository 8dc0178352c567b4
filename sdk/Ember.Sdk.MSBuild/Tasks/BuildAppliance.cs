using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Manifests;
using Ember.Sdk.Signing;
using Microsoft.Build.Framework;

namespace Ember.Sdk.MSBuild.Tasks;

/// <summary>Builds an appliance as <c>ember build</c> does, from the sources in the package.</summary>
public sealed class BuildAppliance : ManifestTask, ICancelableTask, IDisposable
{
    private readonly CancellationTokenSource _cancellation = new();

    /// <summary>The output folder.</summary>
    [Required]
    public string Destination { get; set; } = "";

    /// <summary>The sources of what runs on the appliance, which are only read.</summary>
    [Required]
    public string Sources { get; set; } = "";

    /// <summary>The folder for everything that is made on the way.</summary>
    [Required]
    public string Artifacts { get; set; } = "";

    /// <summary>The project's folder: the settings of NuGet that hold there hold for compiling the core.</summary>
    [Required]
    public string ProjectFolder { get; set; } = "";

    /// <summary>See <see cref="ApplianceBuild.IsRelease"/>.</summary>
    public bool IsRelease { get; set; }

    /// <summary>The image's forms, separated by semicolons.</summary>
    [Required]
    public string Formats { get; set; } = "";

    /// <summary>Seconds since 1970; see <see cref="ApplianceBuild.SourceDateEpoch"/>.</summary>
    public long SourceDateEpoch { get; set; }

    /// <inheritdoc/>
    public void Cancel() => _cancellation.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _cancellation.Dispose();

    /// <inheritdoc/>
    protected override void Run()
    {
        Manifest manifest = ReadManifest();
        DateTimeOffset time = SourceDateEpoch == 0 ? TimeProvider.System.GetUtcNow() : DateTimeOffset.FromUnixTimeSeconds(SourceDateEpoch);
        using ISigningKey key = SigningKeys.OpenBankKey(manifest.Signing, Password, time);
        using ISigningKey? secureBootKey = SigningKeys.OpenSecureBootKey(manifest.Signing, Password, time);
        new PackageInstaller(HostSystem.Current, Say).EnsureAsync(HostPurpose.Build, install: false, _cancellation.Token)
            .GetAwaiter().GetResult();
        ApplianceBuild build = new(Repository(), HostSystem.Current, TimeProvider.System)
        {
            Progress = Say,
            SourceDateEpoch = SourceDateEpoch,
            IsRelease = IsRelease,
            Formats = ImageFormat.ParseList(Formats.Replace(';', ',')),
            Variant = Variant,
            BankKey = key,
            SecureBootKey = secureBootKey,
        };
        BuildResult result = build.RunAsync(Path.GetDirectoryName(Manifest)!, Destination.TrimEnd('/'), _cancellation.Token)
            .GetAwaiter().GetResult();
        if (result.Warning is { } warning)
        {
            Warn(warning);
        }
    }

    // A compiler of the vendor's may know more warnings than the one that the sources were written with.
    private Repository Repository() => new(Path.GetFullPath(Sources))
    {
        Artifacts = Artifacts.TrimEnd('/'),
        Properties = new Dictionary<string, string>
        {
            ["ArtifactsPath"] = Artifacts.TrimEnd('/'),
            ["RestoreRootConfigDirectory"] = ProjectFolder,
            ["BareMachineOnly"] = "true",
            ["RunAnalyzers"] = "false",
            ["TreatWarningsAsErrors"] = "false",
        },
    };

    private string? Password(string path) => Environment.GetEnvironmentVariable(SigningKeys.PasswordVariable);

    private void Say(string line) => Log.LogMessage(MessageImportance.High, "{0}", line);
}
