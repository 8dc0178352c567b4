using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Benchmarks;

/// <summary>The checkout that is measured, and a folder of its own on the disk that builds go to.</summary>
internal sealed class Workspace : IDisposable
{
    /// <summary>Makes the folder.</summary>
    /// <param name="name">What is measured.</param>
    public Workspace(string name) => Folder = Directory.CreateDirectory(
        Path.Combine(Repository.Artifacts, "benchmarks", $"{name}-{Environment.ProcessId}")).FullName;

    /// <summary>The checkout.</summary>
    public Repository Repository { get; } = Repository.Containing(AppContext.BaseDirectory);

    /// <summary>The host.</summary>
    public HostSystem Host { get; } = HostSystem.Current;

    /// <summary>Full path of the folder.</summary>
    public string Folder { get; }

    /// <summary>The reference appliance's folder.</summary>
    public string ReferenceFolder => Path.Combine(Repository.Root, "images", "usb-key");

    /// <summary>Builds an appliance into the workspace.</summary>
    /// <param name="imageFolder">The appliance's folder.</param>
    public Task<BuildResult> BuildAsync(string imageFolder, CancellationToken cancellation) =>
        new ApplianceBuild(Repository, Host, TimeProvider.System) { Progress = Say }
            .RunAsync(imageFolder, Path.Combine(Folder, "built"), cancellation);

    /// <summary>Says on standard error what goes on.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"ember: {what}");

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
