using System;
using System.IO;
using System.Linq;
using System.Threading;
using CsCheck;
using Ember.Formats.Banks;
using Ember.Formats.Bundles;
using Ember.Sdk;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>What is refused as an update, and that refusing changes nothing.</summary>
public sealed class BankUpdateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-update-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_idle_bank_is_written_and_made_a_trial()
    {
        RecordingMedium medium = new(SmallKey.Image(_folder.FullName, hasB: true));
        using BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0");
        new BankUpdate(medium, "key").Run(bundle);
        KeyReader reader = new(medium, "key");
        BankState state = reader.ReadState(out _);
        Assert.Equal(
            (BankSlot.B, BankCondition.Good, BankCondition.Trial, BankState.MostTries),
            (state.Preferred, state.A.Condition, state.B.Condition, state.B.TriesLeft));
        Assert.True(reader.Verifies(BankSlot.B, reader.ReadVendorKey()));
    }

    /// <summary>At every point where it can be stopped: the bank in use is as it was, and the next update is taken.</summary>
    [Fact]
    public void An_update_that_is_stopped_leaves_the_bank_in_use_and_can_be_made_again()
    {
        using BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0");
        bool done = false;
        int stops = 0;
        while (!done)
        {
            RecordingMedium medium = new(SmallKey.Image(_folder.FullName, hasB: true));
            using CancellationTokenSource source = new();
            BankUpdate update = new(medium, "key") { Progress = new StopAt(stops, source) };
            try
            {
                update.Run(bundle, source.Token);
                done = true;
            }
            catch (OperationCanceledException)
            {
                stops++;
                KeyReader reader = new(medium, "key");
                BankState state = reader.ReadState(out _);
                Assert.Equal((BankSlot.A, BankCondition.Good), (state.Preferred, state.A.Condition));
                Assert.True(reader.Verifies(BankSlot.A, reader.ReadVendorKey()));
                new BankUpdate(medium, "key").Run(bundle);
                Assert.Equal(BankSlot.B, new KeyReader(medium, "key").ReadState(out _).Preferred);
            }
        }

        Assert.InRange(stops, 1, 100);
    }

    [Fact]
    public void An_update_on_an_unconfirmed_one_takes_its_place_and_spares_the_good_bank()
    {
        RecordingMedium medium = new(SmallKey.Image(_folder.FullName, hasB: false));
        using BundleFile second = SmallKey.Bundle(_folder.FullName, "2.0.0");
        using BundleFile third = SmallKey.Bundle(_folder.FullName, "3.0.0");
        new BankUpdate(medium, "key").Run(second);
        BankUpdate update = new(medium, "key");
        Assert.Equal(BankSlot.B, update.Target);
        update.Run(third);
        BankState state = new KeyReader(medium, "key").ReadState(out _);
        Assert.Equal((BankSlot.B, BankCondition.Good, BankCondition.Trial), (state.Preferred, state.A.Condition, state.B.Condition));
    }

    [Fact]
    public void A_good_bank_that_is_damaged_is_the_one_that_is_replaced()
    {
        byte[] image = SmallKey.Image(_folder.FullName, hasB: true);
        RecordingMedium medium = new(image);
        int at = image.AsSpan((int)new KeyReader(medium, "key").BankOffset(BankSlot.A)).IndexOf("the core of"u8);
        image[(int)new KeyReader(medium, "key").BankOffset(BankSlot.A) + at] ^= 1;
        Assert.Equal(BankSlot.A, new BankUpdate(medium, "key").Target);
    }

    [Theory]
    [InlineData("product", "is for 'Other', and on the key is 'Edge'")]
    [InlineData("vendor", "is for another vendor's product of this name")]
    [InlineData("security", "has security version 0, and on the key is 1")]
    [InlineData("signature", "its signature: wrong; the key would refuse this bank")]
    [InlineData("stranger", "its signature: made with another key")]
    [InlineData("large", "write a new key")]
    public void What_the_key_would_refuse_is_refused_before_anything_is_written(string what, string expected)
    {
        RecordingMedium medium = new(SmallKey.Image(_folder.FullName, hasB: true));
        using BundleFile bundle = SmallKey.Bundle(_folder.FullName, what);
        EmberException e = Assert.Throws<EmberException>(() => new BankUpdate(medium, "key").Run(bundle));
        Assert.Equal(ErrorKind.Checked, e.Kind);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.Empty(medium.Writes);
    }

    [Fact]
    public void A_bundle_with_a_bit_that_differs_is_refused_before_anything_is_written()
    {
        RecordingMedium medium = new(SmallKey.Image(_folder.FullName, hasB: true));
        byte[] bytes = SmallKey.BundleBytes(_folder.FullName, "2.0.0");
        bytes[^3000] ^= 1;
        string path = Path.Combine(_folder.FullName, "flipped.bundle");
        File.WriteAllBytes(path, bytes);
        using BundleFile bundle = BundleFile.Open(path);
        EmberException e = Assert.Throws<EmberException>(() => new BankUpdate(medium, "key").Run(bundle));
        Assert.Equal(ErrorKind.Checked, e.Kind);
        Assert.Contains("flipped.bundle: is damaged", e.Message, StringComparison.Ordinal);
        Assert.Empty(medium.Writes);
    }

    [Fact]
    public void A_medium_that_does_not_keep_what_is_written_is_told_and_its_good_bank_kept()
    {
        byte[] image = SmallKey.Image(_folder.FullName, hasB: true);
        RecordingMedium medium = new(image);
        int bank = (int)new KeyReader(medium, "key").BankOffset(BankSlot.B);
        int lost = bank + image.AsSpan(bank).IndexOf("the core of"u8);
        using BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0");
        EmberException e = Assert.Throws<EmberException>(() => new BankUpdate(new ForgetfulMedium(medium, lost / 512 * 512), "key").Run(bundle));
        Assert.Contains("does not read back as it was written", e.Message, StringComparison.Ordinal);
        BankState state = new KeyReader(medium, "key").ReadState(out _);
        Assert.Equal((BankSlot.A, BankCondition.Good, BankCondition.Empty), (state.Preferred, state.A.Condition, state.B.Condition));
    }

    [Fact]
    public void A_bundle_that_is_cut_off_anywhere_is_refused()
    {
        string path = Path.Combine(_folder.FullName, "2.0.0.bundle");
        SmallKey.Bundle(_folder.FullName, "2.0.0").Dispose();
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in Enumerable.Range(0, 2000).Append(whole.Length - 1))
        {
            Assert.NotEqual(BundleStatus.Good, Bundle.TryRead(whole.AsSpan(0, length), (ulong)length, out _));
        }

        File.WriteAllBytes(path, whole[..(whole.Length - 512)]);
        EmberException e = Assert.Throws<EmberException>(() => BundleFile.Open(path).Dispose());
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.Contains("is longer or shorter than it says", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_is_in_a_head_its_runs_lie_inside_the_volume_and_the_bundle()
    {
        byte[] whole = SmallKey.BundleBytes(_folder.FullName, "2.0.0");
        Gen.Select(Gen.Int[0, BundleHeader.Size - 1], Gen.Byte).Array[1, 8].Sample(changes =>
        {
            byte[] head = whole[..Math.Min(whole.Length, Bundle.MaximumHeadLength)];
            foreach ((int offset, byte value) in changes)
            {
                head[offset] = value;
            }

            if (Bundle.TryRead(head, (ulong)whole.Length, out Bundle bundle) == BundleStatus.Good)
            {
                for (int i = 0; i < bundle.RunCount; i++)
                {
                    Assert.True(bundle.Run(i).Offset + bundle.Run(i).Length <= bundle.Header.VolumeLength);
                }
            }
        });
    }

    /// <summary>Stops when it has been told so many times.</summary>
    private sealed class StopAt(int count, CancellationTokenSource source) : IProgress<(long Done, long Of)>
    {
        private int _told;

        public void Report((long Done, long Of) value)
        {
            if (_told++ == count)
            {
                source.Cancel();
            }
        }
    }
}
