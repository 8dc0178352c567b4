using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images;
using Ember.Sdk.Output;

namespace Ember.Sdk.Payloads;

/// <summary>
/// Debian packages, fetched through the host's apt and kept in a folder. What is in the folder and unharmed is used without
/// asking anybody; delete the folder to take the newest packages.
/// </summary>
/// <param name="folder">The folder; made when it is needed.</param>
/// <param name="host">The host whose apt fetches.</param>
public sealed class DebianPackages(string folder, HostSystem host)
{
    // linux-image-cloud-amd64 and its like name the newest kernel package; one could name another such package.
    private const string KernelPackages = "linux-image-";
    private const int LongestChain = 4;

    private static readonly string[] _kept = ["Package", "Version", "Architecture", "Source", "Built-Using"];

    private readonly string _folder = Path.GetFullPath(folder);

    /// <summary>Told before something that takes long, for example <c>fetching busybox-static 1:1.35.0-4</c>.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>How long apt may take for one package.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets a package, from the cache if it is there.</summary>
    /// <param name="name">Its name. One that depends on a linux-image package stands for that one.</param>
    /// <param name="cancellation">Stops apt.</param>
    /// <exception cref="EmberException">The host has no apt, apt does not know the package, or the network failed (exit code
    /// 3).</exception>
    public async Task<DebianPackage> FetchAsync(string name, CancellationToken cancellation = default) =>
        Recall(name) ?? await DownloadAsync(name, cancellation);

    /// <summary>Gets one file out of a package, from the cache if it was unpacked before.</summary>
    /// <param name="package">The package.</param>
    /// <param name="start">How the file's path begins, without a slash in front: <c>boot/vmlinuz-</c>.</param>
    /// <param name="cancellation">Stops unpacking.</param>
    /// <returns>Full path of the file, exactly as it was shipped.</returns>
    /// <exception cref="EmberException">The package is damaged or has no such file, or more than one (exit code 3).</exception>
    public async Task<string> ExtractAsync(DebianPackage package, string start, CancellationToken cancellation = default)
    {
        string place = Path.Combine(_folder, Path.GetFileNameWithoutExtension(package.File));
        string note = Path.Combine(place, start.Replace('/', '_') + ".file");
        if (ReadNote(note) is { } stanza && stanza["Package-SHA256"] == package.Sha256
            && FindUnharmed(place, stanza) is { } kept)
        {
            return kept;
        }

        Progress?.Invoke($"unpacking {start}* of {package.Name} {package.Version}");
        string file = await new DebianArchive(package, host).ExtractAsync(start, place, cancellation);
        string digest = ContentDigest.OfFile(file).Sha256;
        WriteNote(note, $"Filename: {Path.GetFileName(file)}\nSHA256: {digest}\nPackage-SHA256: {package.Sha256}\n");
        return file;
    }

    private DebianPackage? Recall(string name)
    {
        // A note without an architecture is of a release that kept less.
        return ReadNote(NoteOf(name)) is { } stanza && stanza["Architecture"].Length != 0 && FindUnharmed(_folder, stanza) is { } file
            ? Describe(stanza, file, stanza["SHA256"])
            : null;
    }

    private static DebianPackage Describe(ControlStanza stanza, string file, string digest) => new(
        stanza["Package"], stanza["Version"], file, digest, stanza["Architecture"], stanza["Source"], stanza["Built-Using"]);

    private async Task<DebianPackage> DownloadAsync(string name, CancellationToken cancellation)
    {
        ControlStanza stanza = await DescribeAsync(name, cancellation);
        for (int i = 0; i < LongestChain && NewestKernel(stanza) is { } newest; i++)
        {
            stanza = await DescribeAsync(newest, cancellation);
        }

        string package = stanza["Package"];
        string version = stanza["Version"];
        Progress?.Invoke($"fetching {package} {version}");
        string arrivals = Path.Combine(_folder, $".arriving-{Environment.ProcessId}-{package}");
        try
        {
            Directory.CreateDirectory(arrivals);
            HostCommandResult result = await AptAsync("apt-get", arrivals, cancellation, "download", $"{package}={version}");
            string[] files = Directory.GetFiles(arrivals, "*.deb");
            if (result.ExitCode != 0 || files.Length != 1)
            {
                throw new EmberException(
                    ErrorKind.Host,
                    $"package '{package}' {version} cannot be fetched: {Reason(result)}; check the network, or run 'apt-get update'");
            }

            return Keep(name, stanza, files[0]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Host, $"{_folder}: cannot be written: {e.Message}; make room or permission there", e);
        }
        finally
        {
            if (Directory.Exists(arrivals))
            {
                Directory.Delete(arrivals, recursive: true);
            }
        }
    }

    private DebianPackage Keep(string name, ControlStanza stanza, string arrived)
    {
        string digest = ContentDigest.OfFile(arrived).Sha256;
        if (stanza["SHA256"] is { Length: > 0 } expected && !expected.Equals(digest, StringComparison.OrdinalIgnoreCase))
        {
            throw new EmberException(
                ErrorKind.Host,
                $"package '{stanza["Package"]}' arrived damaged: its SHA-256 is {digest}, apt's index says {expected}; try again");
        }

        string kept = Path.Combine(_folder, Path.GetFileName(arrived));
        File.Move(arrived, kept, overwrite: true);
        WriteNote(
            NoteOf(name),
            string.Concat(_kept.Select(field => $"{field}: {stanza[field]}\n"))
            + $"Filename: {Path.GetFileName(kept)}\nSHA256: {digest}\n");
        return Describe(stanza, kept, digest);
    }

    private async Task<ControlStanza> DescribeAsync(string name, CancellationToken cancellation)
    {
        HostCommandResult result = await AptAsync("apt-cache", null, cancellation, "show", "--no-all-versions", name);
        ControlStanza stanza = ControlStanza.Parse(result.Output);
        return result.ExitCode == 0 && stanza["Package"] == name && stanza["Version"].Length != 0
            ? stanza
            : throw new EmberException(
                ErrorKind.Host, $"apt knows no package '{name}': {Reason(result)}; check the name, or run 'apt-get update'");
    }

    private Task<HostCommandResult> AptAsync(
        string program, string? workingDirectory, CancellationToken cancellation, params string[] arguments) =>
        new HostCommand(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            Package = "apt",
            Timeout = Timeout,
            Variables = DebianArchive.PlainLanguage,
        }.RunAsync(host, cancellation);

    private static string? NewestKernel(ControlStanza stanza) =>
        stanza["Package"].StartsWith(KernelPackages, StringComparison.Ordinal)
            ? stanza.Dependencies.FirstOrDefault(name => name.StartsWith(KernelPackages, StringComparison.Ordinal))
            : null;

    /// <summary>apt marks what went wrong with "E: ".</summary>
    private static string Reason(HostCommandResult result) =>
        result.Error.Split('\n').FirstOrDefault(line => line.StartsWith("E: ", StringComparison.Ordinal))?[3..].Trim()
        ?? $"it ended with {result.ExitCode}";

    private string NoteOf(string name) => Path.Combine(_folder, name + ".package");

    private static ControlStanza? ReadNote(string path) => File.Exists(path) ? ControlStanza.Parse(File.ReadAllText(path)) : null;

    private static void WriteNote(string path, string text) => AtomicFile.WriteAllBytes(path, Encoding.UTF8.GetBytes(text));

    /// <summary>The file a note speaks of, if it is there and has the noted SHA-256.</summary>
    private static string? FindUnharmed(string place, ControlStanza stanza)
    {
        string name = stanza["Filename"];
        string file = Path.Combine(place, name);
        return name.Length != 0 && Path.GetFileName(name) == name && File.Exists(file)
            && ContentDigest.OfFile(file).Sha256 == stanza["SHA256"]
                ? file
                : null;
    }
}
