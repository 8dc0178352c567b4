using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Formats.Plans;
using Ember.Sdk.Banks;
using Ember.Sdk.Documents;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Manifests;
using Ember.Sdk.Measurements;
using Ember.Sdk.Output;
using Ember.Sdk.Payloads;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Compilation;

/// <summary>Builds an appliance: from its manifest and the sources of the core to the image of a USB key.</summary>
/// <param name="repository">The checkout that holds the core.</param>
/// <param name="host">The host, which has the .NET SDK and lld.</param>
/// <param name="clock">Tells how long the parts take.</param>
public sealed class ApplianceBuild(Repository repository, HostSystem host, TimeProvider clock)
{
    /// <summary>The manifest's name in an appliance's folder.</summary>
    public const string ManifestFile = "appliance.toml";

    /// <summary>Told what is being done, a few words each time.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Words to add to every guest's kernel command line.</summary>
    public string? ExtraCommandLine { get; init; }

    /// <summary>
    /// Loader and core, when they are compiled already; null to compile them. An appliance with a board of its own compiles its own.
    /// </summary>
    public CompiledFiles? Compiled { get; init; }

    /// <summary>The forms in which the image is handed out, one at least.</summary>
    public IReadOnlyList<ImageFormat> Formats { get; init; } = [ImageFormat.Raw];

    /// <summary>The variant of the appliance to build; null for the manifest as it stands without one.</summary>
    public string? Variant { get; init; }

    /// <summary>Whether it is for customers: test keys and faults for the lab are refused.</summary>
    public bool IsRelease { get; init; }

    /// <summary>The key that signs banks, which the caller opens and disposes; null for the common test key.</summary>
    public ISigningKey? BankKey { get; init; }

    /// <summary>The key that signs loader and core for Secure Boot; null for the one that signs banks.</summary>
    public ISigningKey? SecureBootKey { get; init; }

    /// <summary>Seconds since 1970: the time that files on the key carry.</summary>
    public long SourceDateEpoch { get; init; }

    /// <summary>
    /// Builds. The output folder appears whole or not at all, and replaces what was there.
    /// </summary>
    /// <param name="imageFolder">The appliance's folder; messages name it as it is given here.</param>
    /// <param name="destination">The output folder.</param>
    /// <param name="cancellation">Stops building; what was in the output folder is there still.</param>
    /// <exception cref="EmberException">
    /// The core breaks a rule or a budget (exit code 1), manifest, payloads or sources are wrong (2), or the host lacks something (3).
    /// </exception>
    public async Task<BuildResult> RunAsync(string imageFolder, string destination, CancellationToken cancellation = default) =>
        await TryRunAsync(imageFolder, destination, cancellation)
            ?? throw new InvalidOperationException("A signature is missing, which a key at hand would have made.");

    /// <summary>Builds as <see cref="RunAsync"/> does, as far as signatures are there: with keys that are elsewhere.</summary>
    /// <param name="imageFolder">As for <see cref="RunAsync"/>.</param>
    /// <param name="destination">As for <see cref="RunAsync"/>.</param>
    /// <param name="cancellation">As for <see cref="RunAsync"/>.</param>
    /// <returns>What was built; null when the keys miss signatures (<see cref="ISigningKey.Missing"/>): the output folder is as it was.
    /// </returns>
    /// <exception cref="EmberException">As for <see cref="RunAsync"/>.</exception>
    public async Task<BuildResult?> TryRunAsync(string imageFolder, string destination, CancellationToken cancellation = default)
    {
        long start = clock.GetTimestamp();
        Manifest manifest = WithExtraCommandLine(ReadManifest(imageFolder, Variant));
        using StagedFolder staged = StagedFolder.Create(destination);

        using ISigningKey? testKey = BankKey is null ? CommonTestKey.Open() : null;
        ISigningKey key = BankKey ?? testKey!;
        ISigningKey secureBootKey = SecureBootKey ?? key;
        if (IsRelease)
        {
            RequireRelease(manifest, key, secureBootKey);
        }

        Enter("compiling loader and core", cancellation);
        CompiledFiles compiled = manifest.BoardSources is { } board
            ? await SourceBuild.RunAsync(repository.WithBoard(board, manifest.Name), host, cancellation)
            : Compiled ?? await SourceBuild.RunAsync(repository, host, cancellation);
        CoreFiles core = compiled.Core;
        TimeSpan coreTime = clock.GetElapsedTime(start);

        Enter("auditing the core", cancellation);
        long checkStart = clock.GetTimestamp();
        string found = CoreCheck.Run(core, manifest.Budget);
        Progress?.Invoke($"core.efi: {found}");
        TimeSpan checkTime = clock.GetElapsedTime(checkStart);

        Enter("preparing the payloads", cancellation);
        long payloadStart = clock.GetTimestamp();
        DebianPackages packages = new(repository.DebianCache, host) { Progress = Progress };
        string builtPayloads = Path.Combine(staged.Path, "payloads");
        Directory.CreateDirectory(builtPayloads);
        CompiledAppliance appliance = await new ApplianceCompiler(packages).CompileAsync(manifest, builtPayloads, cancellation);
        ToolVersions tools = await ToolVersions.ReadAsync(repository, host, cancellation);
        TimeSpan payloadTime = clock.GetElapsedTime(payloadStart);

        Enter("signing", cancellation);
        ApplianceFacts facts = new(manifest, appliance, tools, SourceTree.Hash(repository), SourceDateEpoch, ExtraCommandLine);
        TimeSpan documentTime = TimeSpan.Zero;
        long signStart = clock.GetTimestamp();
        KeyFiles? files = KeyFiles.Sign(
            PeImage.Read(compiled.Loader),
            PeImage.Read(core.Efi),
            Describe(manifest),
            appliance,
            key,
            secureBootKey,
            programs =>
            {
                long documentStart = clock.GetTimestamp();
                IReadOnlyList<KeyDocument> documents = KeyDocuments.Write(facts, programs);
                documentTime = clock.GetElapsedTime(documentStart);
                return documents;
            });
        bool hasNetworkFile = files is not null && NetworkLoader.Fits(files.Bank);
        string networkPath = Path.Combine(staged.Path, BuildFolder.NetworkFile);
        if (files is null
            || (hasNetworkFile && !NetworkLoader.Write(files.UnsignedLoader, files.Bank, secureBootKey, networkPath, cancellation)))
        {
            return null;
        }

        const string writingImage = "writing the image";
        Enter(writingImage, cancellation);
        TimeSpan signTime = clock.GetElapsedTime(signStart) - documentTime;
        string imagePath = Path.Combine(staged.Path, BuildFolder.ImageFile);
        long contentLength = files.Bank.Sum(file => file.Length) * (manifest.Image.HasSecondBank ? 2 : 1);
        long imageStart = clock.GetTimestamp();
        ImageReport image = ImageWriter.Write(
            manifest.Image.Layout.Request(Content(manifest, files)),
            imagePath,
            new PercentProgress(writingImage, contentLength, clock, Progress),
            cancellation);
        WriteContainers(imagePath, cancellation);
        TimeSpan imageTime = clock.GetElapsedTime(imageStart);
        Enter("writing the bundle", cancellation);
        foreach (KeyDocument document in files.Documents)
        {
            AtomicFile.WriteAllBytes(Path.Combine(staged.Path, document.Name), document.Content.Span);
        }

        BundleWriter.Write(files.Bank, BankLength(image), SourceDateEpoch, Path.Combine(staged.Path, BuildFolder.BundleFile), cancellation);

        BuildRecord record = Finish(manifest, core, tools, image, files.Pcrs, staged, builtPayloads);
        return new BuildResult(
            new BuildFolder(Path.GetFullPath(destination)),
            record,
            image,
            new BuildTimes(coreTime, checkTime, payloadTime, signTime, imageTime, clock.GetElapsedTime(start)))
        {
            Warning = Warn(manifest, hasNetworkFile),
        };
    }

    /// <summary>Reads the manifest in an appliance's folder.</summary>
    /// <param name="imageFolder">The folder; messages name it as it is given here.</param>
    /// <param name="variant">See <see cref="ManifestReader.Read"/>.</param>
    /// <exception cref="EmberException">It is absent or wrong (exit code 2).</exception>
    public static Manifest ReadManifest(string imageFolder, string? variant = null) => File.Exists(imageFolder)
        ? throw new EmberException(ErrorKind.Input, $"{imageFolder}: is a file; name the folder that holds {ManifestFile}")
        : ManifestReader.Read(Path.Combine(imageFolder, ManifestFile), variant);

    private static string? Warn(Manifest manifest, bool hasNetworkFile)
    {
        string[] warnings =
        [
            manifest.Image.Layout.Warning ?? "",
            hasNetworkFile ? "" : $"{BuildFolder.NetworkFile} is left out: the bank has more than {ByteSize.Format(PeSections.MostAdded)}",
        ];
        string text = string.Join("; ", warnings.Where(warning => warning.Length != 0));
        return text.Length == 0 ? null : $"{manifest.Image.Position}: {text}";
    }

    private void Enter(string phase, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Progress?.Invoke(phase);
    }

    private void WriteContainers(string imagePath, CancellationToken cancellation)
    {
        using (SparseImage image = SparseImage.Open(imagePath))
        {
            foreach (IImageContainer container in Formats.SelectMany(format => format.Containers))
            {
                string path = Path.ChangeExtension(imagePath, null) + container.Suffix;
                string what = $"writing {Path.GetFileName(path)}";
                Progress?.Invoke(what);
                container.Write(image, path, new PercentProgress(what, image.Length, clock, Progress), cancellation);
            }
        }

        if (!Formats.Contains(ImageFormat.Raw))
        {
            File.Delete(imagePath);
        }
    }

    private static BuildRecord Finish(
        Manifest manifest, CoreFiles core, ToolVersions tools, ImageReport image, IReadOnlyList<PcrPrediction> pcrs, StagedFolder staged,
            string builtPayloads)
    {
        try
        {
            Directory.Delete(builtPayloads, recursive: true);
            File.Copy(core.Efi, Path.Combine(staged.Path, Path.GetFileName(core.Efi)));
            string symbols = Path.Combine(staged.Path, SymbolFiles.FolderName);
            Directory.CreateDirectory(symbols);
            foreach (string path in Directory.GetFiles(core.Symbols.Folder))
            {
                File.Copy(path, Path.Combine(symbols, Path.GetFileName(path)));
            }

            BuildRecord record = new(
                manifest.Name,
                manifest.Product,
                manifest.Version,
                manifest.Variant,
                tools,
                [.. Directory.GetFiles(staged.Path, "*", SearchOption.AllDirectories)
                    .Order(StringComparer.Ordinal)
                    .Select(path => Describe(staged.Path, path))],
                [.. image.Partitions
                    .SelectMany(partition => partition.Files.Select(file => new BuiltFile($"{partition.Name}/{file.Path}", file.Digest)))
                    .OrderBy(file => file.Path, StringComparer.Ordinal)],
                pcrs);
            File.WriteAllBytes(Path.Combine(staged.Path, BuildRecord.FileName), record.ToJson());
            staged.Commit();
            return record;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StagedFolder.CannotWrite(staged.Path, e);
        }
    }

    private static BuiltFile Describe(string folder, string path) =>
        new(Path.GetRelativePath(folder, path), ContentDigest.OfFile(path));

    private static void RequireRelease(Manifest manifest, params ReadOnlySpan<ISigningKey> keys)
    {
        foreach (ISigningKey key in keys)
        {
            if (key.Certificate.IsTestKey)
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{manifest.Path}: the key that signs is a test key, not for a release; name the vendor's under [signing]");
            }
        }

        if (manifest.LabCrash != LabCrash.None)
        {
            throw new EmberException(ErrorKind.Input, $"{manifest.Path}: [lab] crash is not for a release; take it out");
        }
    }

    private static long BankLength(ImageReport image) =>
        image.Partitions.Single(partition => partition.Name == KeyLayout.BankAName).Size;

    private static BankDescription Describe(Manifest manifest) =>
        new(manifest.Vendor, manifest.Product, manifest.Version, manifest.SecurityVersion, IsTestKey: false);

    private KeyContent Content(Manifest manifest, KeyFiles files) => new()
    {
        Name = manifest.Name,
        Label = manifest.Image.Label,
        Loader = files.Loader,
        BankA = files.Bank,
        BankB = manifest.Image.HasSecondBank ? files.Bank : [],
        State = BankStateWriter.Manufacture((int)KeyLayout.StateSize, manifest.Image.HasSecondBank),
        SourceDateEpoch = SourceDateEpoch,
    };

    private Manifest WithExtraCommandLine(Manifest manifest)
    {
        if (ExtraCommandLine is not { } extra)
        {
            return manifest;
        }

        List<ManifestMachine> machines = [];
        foreach (ManifestMachine machine in manifest.Machines)
        {
            string line = $"{machine.CommandLine} {extra}".Trim();
            machines.Add(line.Length <= PlanMachine.MaximumCommandLineLength
                ? machine with { CommandLine = line }
                : throw machine.Position.Error(
                    $"vm '{machine.Name}': command_line is too long for '{extra}' behind it; "
                    + $"{PlanMachine.MaximumCommandLineLength} characters is the most"));
        }

        return manifest with { Machines = machines };
    }
}
