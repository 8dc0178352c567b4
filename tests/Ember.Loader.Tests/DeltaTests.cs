using System;
using System.IO;
using System.Threading;
using Ember.Formats.Banks;
using Ember.Sdk;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>Bundles that hold only what differs from another version.</summary>
public sealed class DeltaTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-delta-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void The_loader_makes_of_it_to_the_byte_what_it_makes_of_the_whole_bundle()
    {
        byte[] delta = SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1");
        byte[] whole = SmallKey.BundleBytes(_folder.FullName, "1.0.1");
        Assert.InRange(delta.Length, 1, whole.Length - SmallKey.PayloadLength + 4096);
        RecordingMedium byDelta = Key();
        RecordingMedium byWhole = Key();
        Assert.Equal("1.0.1", LoaderStart.Run(byDelta, new Surroundings { Bundles = [delta] }));
        Assert.Equal("1.0.1", LoaderStart.Run(byWhole, new Surroundings { Bundles = [whole] }));
        Assert.Equal(byWhole.Content, byDelta.Content);
    }

    [Fact]
    public void One_that_is_stopped_leaves_no_file()
    {
        using BundleFile older = SmallKey.Bundle(_folder.FullName, "1.0.0");
        using BundleFile newer = SmallKey.Bundle(_folder.FullName, "1.0.1");
        string[] before = Directory.GetFiles(_folder.FullName);
        string path = Path.Combine(_folder.FullName, "stopped.delta");
        Assert.ThrowsAny<OperationCanceledException>(() => BundleDelta.Write(older, newer, path, new CancellationToken(canceled: true)));
        Assert.Equal(before, Directory.GetFiles(_folder.FullName));
    }

    [Fact]
    public void The_host_takes_it_too()
    {
        RecordingMedium key = Key();
        SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1");
        using BundleFile delta = BundleFile.Open(Path.Combine(_folder.FullName, "1.0.0-1.0.1.delta"));
        BankUpdate update = new(key, "key");
        update.Run(delta);
        KeyReader reader = new(key, "key");
        Assert.True(reader.Verifies(BankSlot.B, reader.ReadVendorKey()));
        EmberException e = Assert.Throws<EmberException>(() => new BankUpdate(Holding("2.0.0"), "key").Run(delta));
        Assert.Contains("holds only what differs from another version", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_does_not_hold_the_older_version_refuses_it_and_is_not_written_to()
    {
        RecordingMedium key = Holding("2.0.0");
        Surroundings around = new() { Bundles = [SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "3.0.0")] };
        Assert.Equal("2.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: refused: it builds on a version that is not on the key", around.Lines);
        Assert.Empty(key.Writes);
    }

    [Fact]
    public void A_base_that_is_not_what_it_was_in_the_bytes_that_are_copied_has_it_refused()
    {
        RecordingMedium key = Key();
        int bank = (int)new KeyReader(key, "key").BankOffset(BankSlot.A);
        byte[] delta = SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1");

        // Behind the last byte of the payload, in its cluster: the loader verifies files, and a delta copies sectors.
        int payload = bank + key.Content.AsSpan(bank).IndexOf("1111111111111111"u8);
        key.Content[payload + SmallKey.PayloadLength] ^= 1;
        Surroundings around = new() { Bundles = [delta] };
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Contains(
            "ember.bundle: does not come out right: it is damaged, or the bank it builds on is; take a whole bundle", around.Lines);
        Assert.Empty(key.Writes);
    }

    [Fact]
    public void It_is_made_of_two_whole_bundles_of_one_product()
    {
        SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1");
        using BundleFile delta = BundleFile.Open(Path.Combine(_folder.FullName, "1.0.0-1.0.1.delta"));
        using BundleFile whole = SmallKey.Bundle(_folder.FullName, "2.0.0");
        using BundleFile other = SmallKey.Bundle(_folder.FullName, "product");
        string output = Path.Combine(_folder.FullName, "out");
        Assert.Contains("is a delta itself", Assert.Throws<EmberException>(() => BundleDelta.Write(delta, whole, output)).Message);
        Assert.Contains("is for another product", Assert.Throws<EmberException>(() => BundleDelta.Write(whole, other, output)).Message);
        Assert.False(File.Exists(output));
    }

    private RecordingMedium Key() => new(SmallKey.Image(_folder.FullName, hasB: true));

    /// <summary>A key that has been updated and has confirmed that.</summary>
    private RecordingMedium Holding(string version)
    {
        RecordingMedium key = Key();
        LoaderStart.Run(key, new Surroundings { Bundles = [SmallKey.BundleBytes(_folder.FullName, version)] });
        LoaderStart.Run(key, new Surroundings { ConfirmedAttempt = 77 });
        key.Writes.Clear();
        return key;
    }
}
