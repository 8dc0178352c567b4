using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>
/// Bundles with anything wrong in them, also by somebody who knows how to make the content's digest right again: the loader's own code
/// decides each without a crash, writes nowhere but into the idle bank and the state, and starts what was signed.
/// </summary>
public sealed class MutatedBundleTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-mutated-bundle-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Ten_thousand_mutated_bundles_are_decided_and_nothing_is_started_that_was_not_signed()
    {
        byte[] good = SmallKey.Image(_folder.FullName, hasB: true);
        byte[][] bundles = [SmallKey.BundleBytes(_folder.FullName, "2.0.0"), SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "2.0.0")];
        KeyReader reader = new(new RecordingMedium(good), "key");
        (long First, long End) bank = (reader.BankOffset(BankSlot.B), reader.BankOffset(BankSlot.B) + reader.BankLength(BankSlot.B));
        long[] states = [reader.StateOffset(second: false), reader.StateOffset(second: true)];
        int untouched = 0;
        int written = 0;
        int updated = 0;
        Parallel.For(0, 10_000, () => new RecordingMedium([.. good]), (number, _, key) =>
        {
            Random random = new(number);
            byte[] mutated = Mutate(bundles[number % 2], random);
            string? version = LoaderStart.Run(key, new Surroundings { Bundles = [mutated] });
            Assert.True(version is "1.0.0" or "2.0.0", $"bundle {number}: no bank starts");
            foreach (SectorWrite write in key.Writes)
            {
                Assert.True(
                    (write.Offset >= bank.First && write.Offset < bank.End) || states.Contains(write.Offset),
                    $"bundle {number}: sector at byte {write.Offset} is written");
            }

            Interlocked.Increment(ref key.Writes.Count == 0 ? ref untouched : ref version == "2.0.0" ? ref updated : ref written);
            foreach (SectorWrite write in key.Writes)
            {
                good.AsSpan(write.Offset, RecordingMedium.SectorSize).CopyTo(key.Content.AsSpan(write.Offset));
            }

            key.Writes.Clear();
            return key;
        }, _ => { });

        // Refused, written and found wrong afterwards, written and right: otherwise this would show nothing.
        Assert.All([untouched, written, updated], count => Assert.NotEqual(0, count));
    }

    private static byte[] Mutate(byte[] bundle, Random random)
    {
        byte[] mutated = [.. bundle];
        Bundle.TryRead(bundle, (ulong)bundle.Length, out Bundle head);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            // The header's fields, the table of runs, and everything.
            int at = random.Next(4) switch
            {
                0 => random.Next(BundleHeader.Size / 4) * 4,
                1 => head.DataOffset - BundleRun.Size + (random.Next(BundleRun.Size / 8) * 8),
                2 => random.Next(head.DataOffset - 8),
                _ => random.Next(mutated.Length - 8),
            };
            switch (random.Next(4))
            {
                case 0:
                    mutated[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    BinaryPrimitives.WriteUInt32LittleEndian(mutated.AsSpan(at), (uint)random.Next(8) * 512);
                    break;
                case 2:
                    BinaryPrimitives.WriteUInt64LittleEndian(mutated.AsSpan(at), random.Next(2) == 0 ? ulong.MaxValue : (ulong)random.NextInt64());
                    break;
                default:
                    random.NextBytes(mutated.AsSpan(at, 8));
                    break;
            }
        }

        if (random.Next(2) == 0)
        {
            SHA256.HashData(mutated.AsSpan(BundleHeader.CheckedOffset), mutated.AsSpan(16, SHA256.HashSizeInBytes));
        }

        if (random.Next(16) == 0)
        {
            mutated = mutated[..random.Next(mutated.Length)];
        }

        return mutated;
    }
}
