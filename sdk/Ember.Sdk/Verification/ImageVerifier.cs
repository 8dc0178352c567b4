using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Sdk.Verification.Banks;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Executables;
using Ember.Sdk.Verification.Fat;
using Ember.Sdk.Verification.Rules;
using Ember.Sdk.Verification.Tables;

namespace Ember.Sdk.Verification;

/// <summary>
/// Reads an image and finds everything in it that is not as it must be. Shares no code with what writes images but the structures of
/// Ember.Formats, so that a mistake made there is seen here. Whatever the image holds ends in findings.
/// </summary>
public sealed class ImageVerifier
{
    private const int SmallestSectors = 68;

    private readonly Findings _findings = new();

    /// <summary>The certificate that the firmware trusts, under which loader and core must be signed; null for any.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Told what is being read.</summary>
    public Action<string>? Progress { get; init; }

    /// <summary>Verifies an image file or a device.</summary>
    /// <exception cref="EmberException">It is not there, may not be read, or is neither (exit code 2).</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public VerificationReport Verify(string path, CancellationToken cancellation = default)
    {
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            long? device = BlockDevice.LengthOf(path);
            if (!stream.CanSeek)
            {
                throw new EmberException(ErrorKind.Input, $"{path}: neither a file nor a disk; name an image or a disk's device");
            }

            VerificationReport report = Verify(stream, device ?? stream.Length, device is not null, cancellation);
            if (device is not null)
            {
                // Beside a device lie other devices.
                return report;
            }

            DocumentCheck.Run(report.Contents.Banks, Path.GetDirectoryName(Path.GetFullPath(path))!, _findings);
            return report with { Findings = _findings.ToList() };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Verifies an image.</summary>
    /// <param name="image">Readable and seekable.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public VerificationReport Verify(Stream image, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        return Verify(image, image.Length, isDevice: false, cancellation);
    }

    internal VerificationReport Verify(Stream stream, long length, bool isDevice, CancellationToken cancellation)
    {
        ImageBytes image = new(stream, length, _findings, cancellation);
        if (isDevice && GptCheck.StatedSectors(image) is { } sectors && sectors >= SmallestSectors
            && sectors * ImageBytes.SectorSize != length)
        {
            _findings.Add(ImageRules.DeviceEnd, new Place("image", Offset: sectors * ImageBytes.SectorSize),
                FormattableString.Invariant($"the image has {sectors * ImageBytes.SectorSize} bytes, and the device {length}"));
            image = new ImageBytes(stream, sectors * ImageBytes.SectorSize, _findings, cancellation);
        }

        _findings.Require(image.Length % ImageBytes.MiB == 0 || isDevice, ImageRules.WholeMiB, new Place("image", Offset: image.Length),
            $"it has {image.Length} bytes");
        ImageContents contents = _findings.Require(image.Length >= SmallestSectors * ImageBytes.SectorSize, ImageRules.Large,
            new Place("image"), $"it has {image.Length} bytes")
            ? VerifyPartitions(image)
            : new ImageContents(image.Length, [], null, [], null);
        return new VerificationReport(contents, _findings.ToList());
    }

    private ImageContents VerifyPartitions(ImageBytes image)
    {
        Progress?.Invoke("partition table");
        MbrCheck.Run(image, _findings);
        List<PartitionEntry> all = GptCheck.Run(image, _findings);
        Dictionary<int, PartitionEntry> partitions = PartitionCheck.Run(all, image, _findings).ToDictionary(partition => partition.Number);
        Dictionary<int, VolumeCheck> volumes = [];
        foreach (int number in (ReadOnlySpan<int>)[PartitionCheck.Esp, PartitionCheck.BankA, PartitionCheck.BankB])
        {
            if (partitions.TryGetValue(number, out PartitionEntry? partition))
            {
                Progress?.Invoke($"volume of {PartitionCheck.PlaceOf(partition).Part}");
                if (VolumeCheck.Run(partition, image, _findings) is { } volume)
                {
                    volumes.Add(number, volume);
                }
            }
        }

        CheckSerials(volumes.Values);
        (LoaderContents? loader, List<BankContents> banks, StateContents? state) = VerifyContents(image, partitions, volumes);
        return new ImageContents(
            image.Length, [.. all.Select(partition => Describe(partition, volumes.GetValueOrDefault(partition.Number)))], loader, banks,
                state);
    }

    private (LoaderContents? Loader, List<BankContents> Banks, StateContents? State) VerifyContents(
        ImageBytes image, Dictionary<int, PartitionEntry> partitions, Dictionary<int, VolumeCheck> volumes)
    {
        StateContents? state = partitions.TryGetValue(PartitionCheck.State, out PartitionEntry? statePartition)
            ? StateCheck.Run(statePartition, image, _findings)
            : null;
        ExecutableCheck executables = new(Certificate, _findings);
        TrustedLoader loader = volumes.TryGetValue(PartitionCheck.Esp, out VolumeCheck? esp)
            ? LoaderCheck.Run(esp, image, executables, _findings)
            : new TrustedLoader(null, null, null);
        List<BankContents> banks = [];
        foreach ((int number, BankSlot slot) in (ReadOnlySpan<(int, BankSlot)>)[(PartitionCheck.BankA, BankSlot.A),
            (PartitionCheck.BankB, BankSlot.B)])
        {
            if (!volumes.TryGetValue(number, out VolumeCheck? bank))
            {
                continue;
            }

            BankRecord record = StateCheck.RecordOf(state, slot);
            if (record.Condition == BankCondition.Empty)
            {
                _findings.Require(bank.Files.Count == 0, BankRules.StateEmpty, bank.Volume.Place, $"it has {bank.Files.Count}");
            }
            else
            {
                // What is wrong with a bank that nobody starts keeps no machine from starting.
                _findings.AreWarnings = !StateCheck.IsStarted(record);
                banks.Add(new BankCheck(bank, loader, image, executables, _findings).Run(slot, Progress));
                _findings.AreWarnings = false;
            }
        }

        if (state is not null)
        {
            StateCheck.Compare(state, PartitionCheck.PlaceOf(statePartition!), banks, _findings);
        }

        ManifestContents[] manifests = [.. banks.Select(bank => bank.Manifest).OfType<ManifestContents>()];
        _findings.Require(
            manifests.Select(manifest => (manifest.Vendor, manifest.Product)).Distinct().Count() < 2, BankRules.SameProduct,
                new Place("BANK-B"),
            $"they are of {string.Join(" and ", manifests.Select(manifest => $"{manifest.Vendor}'s {manifest.Product}"))}");
        return (loader.Contents, banks, state);
    }

    private void CheckSerials(IEnumerable<VolumeCheck> volumes)
    {
        HashSet<uint> serials = [0];
        foreach (FatVolume volume in volumes.Select(check => check.Volume))
        {
            _findings.Require(serials.Add(volume.Serial), FatRules.Serial, volume.Place.At(volume.Start), $"it has {volume.Serial:X8}");
        }
    }

    private static PartitionContents Describe(PartitionEntry partition, VolumeCheck? volume) => new(
        partition.Number,
        ImageText.Shown(partition.Name),
        partition.Type,
        partition.Id,
        partition.FirstLba,
        partition.LastLba < partition.FirstLba ? 0 : (partition.LastLba - partition.FirstLba + 1) * ImageBytes.SectorSize,
        volume is null
            ? null
            : new VolumeContents(
                volume.Volume.Bits,
                ImageText.Shown(volume.Volume.Label.TrimEnd(' ')),
                volume.Volume.Serial,
                volume.Volume.ClusterSize,
                volume.Volume.ClusterCount,
                [.. volume.Files.Where(file => !file.IsFolder).Select(file => new FileContents(ImageText.Shown(file.Path), file.Length))]));
}
