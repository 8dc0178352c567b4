using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Signing;

namespace Ember.Benchmarks.Images;

/// <summary>The same key as others make it: sbsign for executables, openssl for the manifest, genimage with mtools for the image.</summary>
internal sealed class AssemblyPeer
{
    private readonly Workspace _workspace;
    private readonly CompiledFiles _compiled;
    private readonly string _folder;
    private readonly string _bank;

    /// <summary>Lays out what genimage reads.</summary>
    /// <param name="workspace">Where it goes.</param>
    /// <param name="compiled">Loader and core, not signed.</param>
    /// <param name="bank">The files of a bank, by name.</param>
    public AssemblyPeer(Workspace workspace, CompiledFiles compiled, IReadOnlyDictionary<string, string> bank)
    {
        _workspace = workspace;
        _compiled = compiled;
        _folder = Directory.CreateDirectory(Path.Combine(workspace.Folder, "peer")).FullName;
        _bank = Directory.CreateDirectory(Path.Combine(_folder, "input")).FullName;
        Directory.CreateDirectory(Path.Combine(_folder, "root"));
        foreach ((string name, string path) in bank)
        {
            File.Copy(path, Path.Combine(_bank, name));
        }

        File.WriteAllText(
            Path.Combine(_folder, "genimage.cfg"),
            $$"""
            image esp.vfat {
                vfat { extraargs = "-F 32" file EFI/BOOT/BOOTX64.EFI { image = "loader.efi" } }
                size = 64M
            }
            {{Volume("bank-a", bank.Keys)}}
            {{Volume("bank-b", bank.Keys)}}
            image key.img {
                hdimage { partition-table-type = gpt align = 1M }
                partition esp { image = "esp.vfat" partition-type-uuid = c12a7328-f81f-11d2-ba4b-00a0c93ec93b }
                partition bank-a { image = "bank-a.vfat" partition-type-uuid = ebd0a0a2-b9e5-4433-87c0-68b6b72699c7 }
                partition bank-b { image = "bank-b.vfat" partition-type-uuid = ebd0a0a2-b9e5-4433-87c0-68b6b72699c7 }
                size = 128M
            }
            """);
    }

    /// <summary>Makes the key.</summary>
    /// <returns>Seconds that it took.</returns>
    /// <exception cref="EmberException">A program is missing (exit code 3) or failed (1).</exception>
    public async Task<double> RunAsync(CancellationToken cancellation)
    {
        long start = TimeProvider.System.GetTimestamp();
        await SignAsync(_compiled.Loader, "loader.efi", cancellation);
        await SignAsync(_compiled.Core.Efi, BankNames.Core, cancellation);
        await RunAsync(
            "openssl", "openssl", cancellation, "dgst", "-sha256", "-sign", CommonTestKey.KeyPath,
            "-out", Path.Combine(_bank, BankNames.Signature), Path.Combine(_bank, BankNames.Manifest));
        await RunAsync(
            "genimage", "genimage", cancellation, "--config", Path.Combine(_folder, "genimage.cfg"), "--inputpath", _bank,
            "--rootpath", Path.Combine(_folder, "root"), "--outputpath", Path.Combine(_folder, "out"),
            "--tmppath", Path.Combine(_folder, "tmp"));
        double seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Directory.Delete(Path.Combine(_folder, "tmp"), recursive: true);
        return seconds;
    }

    private Task SignAsync(string path, string name, CancellationToken cancellation) => RunAsync(
        "sbsigntool", "sbsign", cancellation, "--key", CommonTestKey.KeyPath, "--cert", CommonTestKey.CertificatePath,
        "--output", Path.Combine(_bank, name), path);

    private static string Volume(string name, IEnumerable<string> files) =>
        $$"""
        image {{name}}.vfat {
            vfat { {{string.Concat(files.Select(file => $"file {file} {{ image = \"{file}\" }} "))}}}
            size = 24M
        }
        """;

    private async Task RunAsync(string package, string program, CancellationToken cancellation, params string[] arguments)
    {
        HostCommandResult result =
            await new HostCommand(program, arguments) { Package = package }.RunAsync(_workspace.Host, cancellation);
        if (result.ExitCode != 0)
        {
            throw new EmberException(ErrorKind.Checked, $"{program} ended with {result.ExitCode}: {result.Output}{result.Error}");
        }
    }
}
