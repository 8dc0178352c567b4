using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>Updates that the loader asks a server for: when it asks, which it takes, and what it says.</summary>
public sealed class NetworkUpdateTests : IDisposable
{
    private const string Address = "http://updates.example/edge/";
    private const string Head = Address + "update.head.efi";
    private const string Whole = Address + "update.efi";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-network-update-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_newer_version_is_fetched_and_tried_at_the_same_start()
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Server = Serving("2.0.0") };
        Assert.Equal("2.0.0", LoaderStart.Run(key, around));
        Assert.Equal([Head, Whole], around.Asked);
        Assert.Equal(
            [
                "network: asking " + Address,
                "network: writing bank B: version 2.0.0",
                "network: written and read back; it is tried now",
            ],
            Said(around));
        Assert.True(new KeyReader(key, "key").Verifies(BankSlot.B, new KeyReader(key, "key").ReadVendorKey()));
    }

    [Fact]
    public void What_is_written_is_to_the_byte_what_comes_from_a_second_key()
    {
        RecordingMedium fromServer = Key();
        RecordingMedium fromKey = Key();
        LoaderStart.Run(fromServer, new Surroundings { Server = Serving("2.0.0") });
        LoaderStart.Run(fromKey, new Surroundings { Bundles = [Bundle("2.0.0")] });
        Assert.Equal(fromKey.Content, fromServer.Content);
    }

    [Fact]
    public void A_delta_is_taken_too()
    {
        byte[] delta = SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1", Address);
        Assert.Equal("1.0.1", LoaderStart.Run(Key(), new Surroundings { Server = Serving(HeadOf(delta), delta) }));

        byte[] other = SmallKey.DeltaBytes(_folder.FullName, "1.0.0", "1.0.1");
        Surroundings around = new() { Server = Serving(HeadOf(other), other) };
        RequireNothingWritten(around, "refused: it builds on a version that is not on the key");
        Assert.Equal([Head], around.Asked);
    }

    [Theory]
    [InlineData("1.0.0", "nothing to be done: its version is not above that on the key")]
    [InlineData("product", "refused: it is for another product")]
    [InlineData("vendor", "refused: it is for another product")]
    [InlineData("security", "refused: its security version is lower than that on the key")]
    [InlineData("signature", "refused: bank.signature: wrong")]
    [InlineData("stranger", "refused: bank.signature: made with another key")]
    [InlineData("large", "refused: larger than a bank of this key, or the key is write-protected")]
    public void What_is_not_for_this_key_is_known_by_its_head_and_not_fetched(string what, string expected)
    {
        Surroundings around = new() { Server = Serving(what) };
        RequireNothingWritten(around, expected);
        Assert.Equal([Head], around.Asked);
    }

    [Fact]
    public void A_head_that_is_none_is_refused()
    {
        RequireNothingWritten(new Surroundings { Server = Serving([], Bundle("2.0.0")) }, "is cut off");
        RequireNothingWritten(new Surroundings { Server = Serving(new byte[200], Bundle("2.0.0")) }, "is no update bundle");
        byte[] bundle = Bundle("2.0.0");
        RequireNothingWritten(new Surroundings { Server = Serving(HeadOf(bundle)[..^1], bundle) }, "is cut off");
    }

    [Fact]
    public void Nothing_of_the_head_is_believed_when_the_bundle_is_judged()
    {
        byte[] head = HeadOf(Bundle("2.0.0"));
        RequireNothingWritten(
            new Surroundings { Server = Serving(head, Bundle("1.0.0")) }, "nothing to be done: its version is not above that on the key");
        RequireNothingWritten(new Surroundings { Server = Serving(head, Bundle("product")) }, "refused: it is for another product");
        RequireNothingWritten(new Surroundings { Server = Serving(head, Bundle("signature")) }, "refused: bank.signature: wrong");
        Assert.Equal("3.0.0", LoaderStart.Run(Key(), new Surroundings { Server = Serving(head, Bundle("3.0.0")) }));
    }

    [Fact]
    public void A_bundle_that_is_not_as_long_as_its_head_says_is_not_taken()
    {
        byte[] bundle = Bundle("2.0.0");
        RequireNothingWritten(
            new Surroundings { Server = Serving(HeadOf(bundle), bundle[..^512]) }, "is longer or shorter than it says");
        RequireNothingWritten(
            new Surroundings { Server = Serving(HeadOf(bundle), [.. bundle, 0]) }, "no answer; starting what is on the key");
    }

    [Fact]
    public void A_bit_that_differs_anywhere_in_the_bundle_has_it_refused_and_nothing_written()
    {
        byte[] bundle = Bundle("2.0.0");
        for (int i = 0; i < bundle.Length; i += i < 2048 ? 13 : 1021)
        {
            byte[] damaged = [.. bundle];
            damaged[i] ^= 1;
            RecordingMedium key = Key();
            Surroundings around = new() { Server = Serving(HeadOf(bundle), damaged) };
            Assert.True(LoaderStart.Run(key, around) == "1.0.0", $"byte {i} is changed, and the bundle is taken");
            Assert.True(key.Writes.Count == 0, $"byte {i} is changed, and the key is written to");
        }
    }

    [Fact]
    public void Without_an_answer_the_key_starts_what_it_has()
    {
        Surroundings around = new();
        RequireNothingWritten(around, "no answer; starting what is on the key");
        Assert.Equal([Head], around.Asked);
        around = new() { Server = Serving("2.0.0").Where(file => file.Key == Head).ToDictionary() };
        RequireNothingWritten(around, "no answer; starting what is on the key");
        Assert.Equal([Head, Whole], around.Asked);
    }

    [Fact]
    public void An_appliance_without_an_address_asks_nobody()
    {
        Surroundings around = new() { Server = Serving("2.0.0") };
        Assert.Equal("1.0.0", LoaderStart.Run(Key(address: null), around));
        Assert.Empty(around.Asked);
        Assert.Empty(Said(around));
    }

    [Fact]
    public void An_update_on_a_second_key_goes_first_and_one_that_is_refused_does_not_stand_before_the_server()
    {
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], Server = Serving("3.0.0") };
        Assert.Equal("2.0.0", LoaderStart.Run(Key(), around));
        Assert.Empty(around.Asked);
        Assert.Equal("3.0.0", LoaderStart.Run(Key(), new Surroundings { Bundles = [Bundle("product")], Server = Serving("3.0.0") }));
    }

    [Fact]
    public void Nobody_is_asked_when_somebody_asks_for_the_other_bank_or_no_bank_has_been_verified()
    {
        Surroundings around = new() { Server = Serving("2.0.0"), IsRollBackAsked = true };
        LoaderStart.Run(Key(), around);
        Assert.Empty(around.Asked);

        RecordingMedium key = Key();
        foreach (BankSlot slot in (BankSlot[])[BankSlot.A, BankSlot.B])
        {
            int bank = (int)new KeyReader(key, "key").BankOffset(slot);
            key.Content[bank + key.Content.AsSpan(bank).IndexOf("the core of"u8)] ^= 1;
        }

        around = new() { Server = Serving("2.0.0") };
        Assert.Null(LoaderStart.Run(key, around));
        Assert.Empty(around.Asked);
    }

    [Fact]
    public void What_a_vendor_publishes_is_what_the_loader_asks_for()
    {
        string served = Path.Combine(_folder.FullName, "served");
        using (BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0"))
        {
            ServedUpdate.Write(bundle, served);
            ServedUpdate.Write(bundle, served);
        }

        Dictionary<string, byte[]> server = Directory.GetFiles(served)
            .ToDictionary(file => Address + Path.GetFileName(file), File.ReadAllBytes);
        Assert.Equal([Whole, Head], server.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(Bundle("2.0.0"), server[Whole]);
        Assert.Equal("2.0.0", LoaderStart.Run(Key(), new Surroundings { Server = server }));
    }

    private static Dictionary<string, byte[]> Serving(byte[] head, byte[] whole) => new() { [Head] = head, [Whole] = whole };

    private static IEnumerable<string> Said(Surroundings around) =>
        around.Lines.Where(line => line.StartsWith("network", StringComparison.Ordinal));

    private byte[] HeadOf(byte[] bundle)
    {
        string path = Path.Combine(_folder.FullName, "head-of");
        File.WriteAllBytes(path, bundle);
        using BundleFile file = BundleFile.Open(path);
        return bundle[..file.Head.DataOffset];
    }

    private void RequireNothingWritten(Surroundings around, string expected)
    {
        RecordingMedium key = Key();
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Equal("network: " + expected, Said(around).Last());
        Assert.Empty(key.Writes);
    }

    private Dictionary<string, byte[]> Serving(string version)
    {
        byte[] bundle = Bundle(version);
        return Serving(HeadOf(bundle), bundle);
    }

    private RecordingMedium Key(string? address = Address) => new(SmallKey.Image(_folder.FullName, hasB: true, address));

    private byte[] Bundle(string version) => SmallKey.BundleBytes(_folder.FullName, version);
}
