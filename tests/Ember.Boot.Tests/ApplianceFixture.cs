using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images;
using Ember.Sdk.Signing;

namespace Ember.Boot.Tests;

/// <summary>Loader and core, compiled once for all tests, and the images that tests boot, in a folder that goes with them.</summary>
public sealed class ApplianceFixture : IAsyncLifetime
{
    private static readonly Lazy<Task<CompiledFiles>> _compilation =
        new(() => SourceBuild.RunAsync(Repository.Containing(AppContext.BaseDirectory), HostSystem.Current));

    /// <summary>The first to build the reference appliance fetches its packages; the others find them.</summary>
    private static readonly SemaphoreSlim _oneAtATime = new(1);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-boot-tests-");
    private CompiledFiles? _compiled;

    internal Repository Repository { get; } = Repository.Containing(AppContext.BaseDirectory);

    internal BuildResult Reference { get; private set; } = null!;

    internal CompiledFiles Compiled => _compiled!;

    internal string Folder => _folder.FullName;

    /// <summary>The folder of the reference appliance's manifest.</summary>
    public string ReferenceFolder => Path.Combine(Repository.Root, "images", "usb-key");

    public async Task InitializeAsync()
    {
        _compiled = await _compilation.Value;
        await _oneAtATime.WaitAsync();
        try
        {
            Reference = await BuildAsync(ReferenceFolder, "reference");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Builds the appliance in <paramref name="imageFolder"/>.</summary>
    internal Task<BuildResult> BuildAsync(string imageFolder, string name) =>
        new ApplianceBuild(Repository, HostSystem.Current, TimeProvider.System) { Compiled = _compiled }
            .RunAsync(imageFolder, Path.Combine(Folder, name));

    /// <summary>Builds the reference appliance with loader and core signed for firmware that trusts another key.</summary>
    internal Task<BuildResult> BuildReferenceAsync(string name, ISigningKey secureBootKey) =>
        new ApplianceBuild(Repository, HostSystem.Current, TimeProvider.System) { Compiled = _compiled, SecureBootKey = secureBootKey }
            .RunAsync(ReferenceFolder, Path.Combine(Folder, name));

    /// <summary>Builds the reference appliance with <paramref name="more"/> at the end of its manifest.</summary>
    internal Task<BuildResult> BuildReferenceWithAsync(string name, string more) => BuildReferenceAsync(name, manifest => manifest + more);

    /// <summary>Builds the reference appliance with its manifest changed.</summary>
    internal Task<BuildResult> BuildReferenceAsync(string name, Func<string, string> edit)
    {
        string folder = Directory.CreateDirectory(Path.Combine(Folder, name + "-source")).FullName;
        foreach (string file in Directory.GetFiles(ReferenceFolder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        string manifest = Path.Combine(folder, ApplianceBuild.ManifestFile);
        File.WriteAllText(manifest, edit(File.ReadAllText(manifest)));
        return BuildAsync(folder, name);
    }

    /// <summary>Builds an appliance with one virtual machine, whose kernel is <paramref name="kernel"/>.</summary>
    /// <param name="name">Of the test.</param>
    /// <param name="kernel">The kernel.</param>
    /// <param name="more">Lines of the machine's table.</param>
    /// <param name="files">Files that these lines name.</param>
    internal Task<BuildResult> BuildGuestAsync(
        string name, byte[] kernel, string more = "", params (string Name, string Content)[] files)
    {
        string folder = Path.Combine(Folder, name + "-source");
        GuestAppliance.Write(folder, kernel, more);
        foreach ((string file, string content) in files)
        {
            File.WriteAllText(Path.Combine(folder, file), content);
        }

        return BuildAsync(folder, name);
    }

    /// <summary>Builds an appliance with these virtual machines.</summary>
    internal Task<BuildResult> BuildGuestsAsync(string name, params IReadOnlyList<GuestMachine> machines)
    {
        string folder = Path.Combine(Folder, name + "-source");
        GuestAppliance.Write(folder, machines);
        return BuildAsync(folder, name);
    }

    /// <summary>Copies the reference image, with one bit of the middle of a file changed in some partitions.</summary>
    /// <param name="name">Of the test.</param>
    /// <param name="file">A part of the file's name.</param>
    /// <param name="partitions">Which partitions.</param>
    internal string Damage(string name, string file, params IReadOnlyList<string> partitions)
    {
        string image = Path.Combine(Folder, name + ".img");
        File.Copy(Reference.Folder.Image, image);
        using FileStream stream = new(image, FileMode.Open);
        foreach (ImagePartitionReport partition in Reference.Image.Partitions.Where(partition => partitions.Contains(partition.Name)))
        {
            ImageFileReport damaged = Assert.Single(
                partition.Files, report => report.Path.Contains(file, StringComparison.Ordinal));
            stream.Position = damaged.Offset + (damaged.Digest.Length / 2);
            int value = stream.ReadByte();
            stream.Position--;
            stream.WriteByte((byte)(value ^ 1));
        }

        return image;
    }
}
