using System;
using System.Collections.Generic;
using System.Formats.Tar;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Payloads;

/// <summary>The content of a .deb, as dpkg-deb gives it.</summary>
/// <param name="package">The package.</param>
/// <param name="host">The host whose dpkg-deb unpacks.</param>
internal sealed class DebianArchive(DebianPackage package, HostSystem host)
{
    /// <summary>Makes Debian's programs speak English whatever the host speaks.</summary>
    public static IReadOnlyDictionary<string, string> PlainLanguage { get; } =
        new Dictionary<string, string> { ["LC_ALL"] = "C.UTF-8" };

    /// <summary>Unpacks the one file whose path begins with <paramref name="start"/> into a folder.</summary>
    /// <returns>Its full path; the file appears whole or not at all.</returns>
    public async Task<string> ExtractAsync(string start, string folder, CancellationToken cancellation)
    {
        string partial = Path.Combine(folder, $".{Environment.ProcessId}.partial");
        string? found = null;
        int count = 0;
        try
        {
            Directory.CreateDirectory(folder);
            HostCommand unpack = new("dpkg-deb", "--fsys-tarfile", package.File)
            {
                Package = "dpkg",
                Variables = PlainLanguage,
                OutputReader = async output =>
                {
                    await using TarReader tar = new(output, leaveOpen: true);
                    while (await tar.GetNextEntryAsync(cancellationToken: cancellation) is { } entry)
                    {
                        string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
                        if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                            && name.StartsWith(start, StringComparison.Ordinal))
                        {
                            found = Path.Combine(folder, Path.GetFileName(name));
                            count++;
                            await WriteAsync(partial, entry.DataStream, cancellation);
                        }
                    }
                },
            };
            HostCommandResult result = await unpack.RunAsync(host, cancellation);
            if (result.ExitCode != 0)
            {
                throw Damaged(result.Error.Trim().ReplaceLineEndings(" "));
            }

            if (found is null || count != 1)
            {
                throw new EmberException(
                    ErrorKind.Host, $"{package.File}: {(count == 0 ? "no file" : "more than one file")} {start}*; name another package");
            }

            File.Move(partial, found, overwrite: true);
            return found;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            throw Damaged(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Host, $"{folder}: cannot be written: {e.Message}; make room or permission there", e);
        }
        finally
        {
            File.Delete(partial);
        }
    }

    private static async Task WriteAsync(string path, Stream? content, CancellationToken cancellation)
    {
        await using FileStream file = File.Create(path);
        if (content is not null)
        {
            await content.CopyToAsync(file, cancellation);
        }

        file.Flush(flushToDisk: true);
    }

    private EmberException Damaged(string reason) =>
        new(ErrorKind.Host, $"{package.File}: damaged or truncated: {reason}; delete it and run again");
}
