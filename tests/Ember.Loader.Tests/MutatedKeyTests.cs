using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>
/// Keys with anything wrong on them: the loader's own code decides each without a crash, and what it accepts is what was signed, byte for
/// byte.
/// </summary>
public sealed unsafe class MutatedKeyTests : IDisposable
{
    private const int SectorSize = RecordingMedium.SectorSize;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-mutated-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Ten_thousand_mutated_keys_are_decided_and_nothing_is_accepted_that_was_not_signed()
    {
        byte[] good = SmallKey.Image(_folder.FullName, hasB: true);
        using (BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0"))
        {
            new BankUpdate(new RecordingMedium(good), "key").Run(bundle);
        }

        Dictionary<string, byte[]>[] signed = [SignedBank.Of("1.0.0"), SignedBank.Of("2.0.0")];
        int[] sectors = UsedSectors(good);
        int[] starts = new int[3];
        Parallel.For(0, 10_000, () => new RecordingMedium([.. good]), (number, _, key) =>
        {
            Random random = new(number);
            for (int i = random.Next(1, 5); i > 0; i--)
            {
                int sector = sectors[random.Next(sectors.Length)] * SectorSize;
                byte[] bytes = key.Content[sector..(sector + SectorSize)];
                Mutate(bytes, good, sectors, random);
                key.Write(sector, bytes);
            }

            Interlocked.Increment(ref starts[(int)Start(key, signed, number)]);
            foreach (SectorWrite write in key.Writes)
            {
                good.AsSpan(write.Offset, SectorSize).CopyTo(key.Content.AsSpan(write.Offset));
            }

            key.Writes.Clear();
            return key;
        }, _ => { });

        // Mutations that spare everything, that spare one bank, that spare none: otherwise this would show nothing.
        Assert.All(starts, count => Assert.NotEqual(0, count));
    }

    /// <summary>Sectors of banks and state that are not zero: changing others would change nothing.</summary>
    private static int[] UsedSectors(byte[] image)
    {
        KeyReader reader = new(new RecordingMedium(image), "key");
        int first = (int)reader.BankOffset(BankSlot.A);
        int end = (int)reader.StateOffset(second: true) + SectorSize;
        return [.. Enumerable.Range(first / SectorSize, (end - first) / SectorSize)
            .Where(sector => image.AsSpan(sector * SectorSize, SectorSize).ContainsAnyExcept((byte)0))];
    }

    private static void Mutate(Span<byte> sector, byte[] good, int[] sectors, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                sector[random.Next(SectorSize)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                sector[random.Next(SectorSize)] = (byte)random.Next(256);
                break;
            case 2:
                BitConverter.TryWriteBytes(sector[(random.Next(SectorSize / 4) * 4)..], random.Next(2) == 0 ? uint.MaxValue : (uint)random.Next());
                break;
            case 3:
                random.NextBytes(sector);
                break;
            case 4:
                sector[random.Next(SectorSize)..].Clear();
                break;
            default:
                good.AsSpan(sectors[random.Next(sectors.Length)] * SectorSize, SectorSize).CopyTo(sector);
                break;
        }
    }

    private static BankSlot Start(RecordingMedium recorded, Dictionary<string, byte[]>[] signed, int number)
    {
        ImageMedium medium = new(recorded, new KeyReader(recorded, "key"), new Surroundings());
        HandOver handOver = default;
        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(TestKey.Bits3072.PublicKey(), out RsaPublicKey key));
        BankSlot slot = new BankSelection<ImageMedium>(ref medium, key, &handOver).Run();
        if (slot == BankSlot.None)
        {
            return slot;
        }

        ReadOnlySpan<byte> bytes = new(handOver.Manifest, (int)handOver.ManifestLength);
        Dictionary<string, byte[]>? accepted = null;
        foreach (Dictionary<string, byte[]> candidate in signed)
        {
            accepted = bytes.SequenceEqual(candidate[BankNames.Manifest]) ? candidate : accepted;
        }

        Assert.True(accepted is not null, $"key {number}: a manifest was accepted that nobody signed");
        Assert.Equal(BankManifestStatus.Good, BankManifest.TryRead(bytes, out BankManifest manifest));
        for (int i = 0; i < manifest.FileCount; i++)
        {
            ref readonly BankFile file = ref manifest.File(i);
            if (file.Kind != BankFileKind.Document)
            {
                string name = System.Text.Encoding.ASCII.GetString(BankManifest.NameOf(in file));
                Assert.True(
                    new ReadOnlySpan<byte>((byte*)handOver.Files[i], (int)file.Length).SequenceEqual(accepted![name]),
                    $"key {number}: {name} was accepted and is not what was signed");
                medium.Release((byte*)handOver.Files[i], 0);
            }
        }

        medium.Release(handOver.Manifest, 0);
        return slot;
    }
}
