using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Benchmarks.Reports;
using Ember.Sdk.Banks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Images;
using Ember.Sdk.Payloads;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;

namespace Ember.Benchmarks.Images;

/// <summary>How long signing the reference appliance and writing its key takes, beside sbsign, openssl, genimage and mtools.</summary>
internal static class AssemblyBenchmark
{
    private const int Runs = 10;
    private const string Bank = KeyLayout.BankAName + "/";
    private const long MiB = 1024 * 1024;

    /// <summary>Assembles keys of 128 MiB, by turns.</summary>
    public static async Task<BenchmarkReport> RunAsync(Workspace workspace, CancellationToken cancellation)
    {
        BuildResult reference = await workspace.BuildAsync(workspace.ReferenceFolder, cancellation);
        CompiledFiles compiled = await SourceBuild.RunAsync(workspace.Repository, workspace.Host, cancellation);
        Dictionary<string, string> bank = ReferenceFiles.Extract(reference, Path.Combine(workspace.Folder, "files"))
            .Where(file => file.Key.StartsWith(Bank, StringComparison.Ordinal))
            .ToDictionary(file => file.Key[Bank.Length..], file => file.Value);
        CompiledAppliance appliance = new(
            await File.ReadAllBytesAsync(bank[BankNames.Plan], cancellation),
            [.. bank.Where(file => !IsMade(file.Key)).Select(file => Payload(file.Key, file.Value))]);
        AssemblyPeer peer = new(workspace, compiled, bank);
        using ISigningKey key = CommonTestKey.Open();
        List<double> ours = [];
        List<double> signing = [];
        List<double> theirs = [];
        for (int i = 0; i < Runs; i++)
        {
            long start = TimeProvider.System.GetTimestamp();
            KeyFiles files = KeyFiles.Sign(
                PeImage.Read(compiled.Loader),
                PeImage.Read(compiled.Core.Efi),
                new BankDescription("Ember", reference.Record.Product, reference.Record.Version, 0, IsTestKey: true),
                appliance,
                key,
                key,
                _ => [])!;
            signing.Add(TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            Write(workspace, files, cancellation);
            ours.Add(TimeProvider.System.GetElapsedTime(start).TotalSeconds);
            theirs.Add(await peer.RunAsync(cancellation));
        }

        Samples ember = new(ours);
        Samples signed = new(signing);
        Samples others = new(theirs);
        return new BenchmarkReport(
            "seconds to sign and assemble a key of 128 MiB",
            ["with", "least", "median", "greatest"],
            [
                ["Ember", ember.Minimum, ember.Median, ember.Maximum],
                ["of which signing", signed.Minimum, signed.Median, signed.Maximum],
                ["sbsign, openssl, genimage and mtools", others.Minimum, others.Median, others.Maximum],
                ["ratio", ember.Minimum / others.Minimum, ember.Median / others.Median, null],
            ],
            [
                $"{Runs} runs each, by turns. Both sign loader, core and a bank's manifest with one RSA key and write GPT, FAT32 and "
                    + "two FAT16 volumes with the same files. Ember runs in one process, whose first run is a cold one, hashes every file by SHA-256 "
                    + "and XXH3 and flushes the image to the disk; the others are processes of their own and do neither.",
            ]);
    }

    private static bool IsMade(string name) =>
        name == BankNames.Core || name == BankNames.Plan || name == BankNames.Manifest || name == BankNames.Signature;

    private static PayloadFile Payload(string name, string path) =>
        new(name, path, ContentDigest.OfFile(path), new PayloadInputs([], []));

    private static void Write(Workspace workspace, KeyFiles files, CancellationToken cancellation)
    {
        KeyContent content = new()
        {
            Name = "benchmark",
            Loader = files.Loader,
            BankA = files.Bank,
            BankB = files.Bank,
            State = BankStateWriter.Manufacture((int)KeyLayout.StateSize, true),
        };
        KeyLayout layout = KeyLayout.Standard with { ImageSize = 128 * MiB };
        ImageWriter.Write(layout.Request(content), Path.Combine(workspace.Folder, "ours.img"), null, cancellation);
    }
}
