using System;
using System.IO;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;

namespace Ember.Loader.Tests;

/// <summary>Bundles that the loader finds on other volumes: which it takes, which not, and what it says.</summary>
public sealed class LoaderUpdateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-loader-update-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_newer_version_is_written_into_the_idle_bank_and_tried_at_the_same_start()
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Bundles = [Bundle("2.0.0")] };
        Assert.Equal("2.0.0", LoaderStart.Run(key, around));
        BankState state = State(key);
        Assert.Equal(
            (BankSlot.B, BankCondition.Good, BankCondition.Trial, BankState.MostTries - 1),
            (state.Preferred, state.A.Condition, state.B.Condition, state.B.TriesLeft));
        Assert.Equal(
            ["ember.bundle: writing bank B: version 2.0.0", "ember.bundle: written and read back; it is tried now"],
            around.Lines.Where(line => line.StartsWith("ember.bundle", StringComparison.Ordinal)));
        Assert.Equal(around.Reports[^1].All, around.Reports[^1].Done);
        Assert.True(new KeyReader(key, "key").Verifies(BankSlot.B, new KeyReader(key, "key").ReadVendorKey()));
    }

    [Fact]
    public void What_the_loader_writes_is_to_the_byte_what_the_host_writes()
    {
        RecordingMedium byLoader = Key();
        RecordingMedium byHost = Key();
        LoaderStart.Run(byLoader, new Surroundings { Bundles = [Bundle("2.0.0")] });
        using (BundleFile bundle = SmallKey.Bundle(_folder.FullName, "2.0.0"))
        {
            new BankUpdate(byHost, "key").Run(bundle);
        }

        LoaderStart.Run(byHost, new Surroundings());
        Assert.Equal(byHost.Content, byLoader.Content);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(77)]
    public void A_key_that_is_forgotten_in_the_server_updates_once(uint confirmed)
    {
        RecordingMedium key = Key();
        LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] });
        key.Writes.Clear();
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], ConfirmedAttempt = confirmed };
        Assert.Equal("2.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: nothing to be done: it is on the key", around.Lines);
        Assert.Single(key.Writes);
    }

    [Fact]
    public void An_update_that_did_not_work_is_not_tried_again()
    {
        RecordingMedium key = Key();
        string started = string.Join(
            ' ', Enumerable.Range(0, 6).Select(_ => LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] })));
        Assert.Equal("2.0.0 2.0.0 2.0.0 1.0.0 1.0.0 1.0.0", started);
        Assert.Equal(BankCondition.Bad, State(key).B.Condition);
        Surroundings around = new() { Bundles = [Bundle("2.0.0")] };
        LoaderStart.Run(key, around);
        Assert.Contains("ember.bundle: nothing to be done: it was tried before and did not work", around.Lines);
    }

    [Fact]
    public void Nothing_is_taken_beside_a_bank_in_use_that_cannot_be_read_again()
    {
        RecordingMedium key = Key();

        // Manifest, signature and three files: what would be read next is the manifest, to hold the update against.
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], Readable = 5 };
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: not now: the bank in use cannot be read", around.Lines);
        Assert.Empty(key.Writes);
    }

    [Fact]
    public void A_forgotten_key_never_goes_back_to_an_older_version()
    {
        RecordingMedium key = Key();
        Assert.Equal("10.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("10.0.0")] }));
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], ConfirmedAttempt = 77 };
        Assert.Equal("10.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: nothing to be done: its version is not above that on the key", around.Lines);
        Assert.Equal(BankCondition.Good, State(key).A.Condition);
    }

    [Fact]
    public void No_update_is_taken_while_the_one_before_is_on_trial()
    {
        RecordingMedium key = Key();
        LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] });
        Surroundings around = new() { Bundles = [Bundle("3.0.0")] };
        Assert.Equal("2.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: not now: the update before it is still on trial", around.Lines);
        Assert.Equal("3.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("3.0.0")], ConfirmedAttempt = 77 }));
        Assert.Equal((BankCondition.Trial, BankCondition.Good), (State(key).A.Condition, State(key).B.Condition));
    }

    [Theory]
    [InlineData("product", "refused: it is for another product")]
    [InlineData("vendor", "refused: it is for another product")]
    [InlineData("security", "refused: its security version is lower than that on the key")]
    [InlineData("signature", "refused: bank.signature: wrong")]
    [InlineData("stranger", "refused: bank.signature: made with another key")]
    [InlineData("large", "refused: larger than a bank of this key, or the key is write-protected")]
    public void What_is_not_for_this_key_is_refused_and_nothing_is_written(string what, string expected) =>
        RequireRefused(Bundle(what), expected);

    [Fact]
    public void A_version_below_what_the_machine_has_started_is_refused()
    {
        RecordingMedium key = Key();
        Damage(key, BankSlot.A);
        Damage(key, BankSlot.B);
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], MinimumSecurityVersion = 2 };
        Assert.Null(LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: refused: this machine has started a higher security version", around.Lines);
        Assert.Empty(key.Writes);
    }

    [Fact]
    public void A_bit_that_differs_anywhere_in_the_bundle_has_it_refused_and_nothing_written()
    {
        byte[] bundle = Bundle("2.0.0");
        RecordingMedium key = Key();
        for (int i = 0; i < bundle.Length; i += i < 2048 ? 1 : 509)
        {
            byte[] damaged = [.. bundle];
            damaged[i] ^= 1;
            Surroundings around = new() { Bundles = [damaged] };
            Assert.True(LoaderStart.Run(key, around) == "1.0.0", $"byte {i} is changed, and the bundle is taken");
            Assert.True(key.Writes.Count == 0, $"byte {i} is changed, and the key is written to");
            Assert.Contains(around.Lines, line => line.StartsWith("ember.bundle: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_bundle_that_is_cut_off_is_refused() => RequireRefused(Bundle("2.0.0")[..^512], "is longer or shorter than it says");

    [Fact]
    public void A_bundle_that_is_refused_does_not_stand_before_one_that_is_right()
    {
        RecordingMedium key = Key();
        Assert.Equal("2.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [[], Bundle("product"), Bundle("2.0.0")] }));
    }

    [Fact]
    public void A_key_without_a_bank_that_starts_is_saved_by_a_bundle()
    {
        RecordingMedium key = Key();
        Damage(key, BankSlot.A);
        Damage(key, BankSlot.B);
        Assert.Null(LoaderStart.Run(key, new Surroundings()));
        Assert.Equal("2.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] }));
    }

    [Fact]
    public void A_good_bank_that_has_been_damaged_is_written_again_from_its_own_bundle()
    {
        RecordingMedium key = Key();
        LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] });
        LoaderStart.Run(key, new Surroundings { ConfirmedAttempt = 77 });
        Damage(key, BankSlot.B);
        Assert.Equal("1.0.0", LoaderStart.Run(key, new Surroundings()));
        Assert.Equal("2.0.0", LoaderStart.Run(key, new Surroundings { Bundles = [Bundle("2.0.0")] }));
    }

    [Fact]
    public void An_update_whose_last_sector_was_not_written_is_made_again()
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Bundles = [Bundle("2.0.0")] };
        byte[] before = [.. key.Content];
        LoaderStart.Run(key, around);

        // The last two writes are the states "trial" and "tried once".
        foreach (SectorWrite write in key.Writes.SkipLast(2))
        {
            write.Bytes.CopyTo(before, write.Offset);
        }

        Assert.Equal("1.0.0", LoaderStart.Run(new RecordingMedium([.. before]), new Surroundings()));
        Assert.Equal("2.0.0", LoaderStart.Run(new RecordingMedium(before), new Surroundings { Bundles = [Bundle("2.0.0")] }));
    }

    [Fact]
    public void Nothing_is_written_to_a_bank_when_the_state_cannot_say_so()
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], CanWriteState = false };
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Empty(key.Writes);
        Assert.Contains("ember.bundle: the state of the banks cannot be written: is the key write-protected?", around.Lines);
    }

    [Fact]
    public void A_bank_that_does_not_read_back_is_not_tried()
    {
        RecordingMedium key = Key();
        int bank = (int)new KeyReader(key, "key").BankOffset(BankSlot.B);
        int lost = bank + key.Content.AsSpan(bank).IndexOf("the core of"u8);
        Surroundings around = new() { Bundles = [Bundle("2.0.0")] };
        Assert.Equal("1.0.0", LoaderStart.Run(new ForgetfulMedium(key, lost / 512 * 512), around));
        Assert.Contains("ember.bundle: the bank does not read back as it was written: use another key", around.Lines);
        Assert.Equal((BankSlot.A, BankCondition.Empty), (State(key).Preferred, State(key).B.Condition));
    }

    [Fact]
    public void Somebody_who_asks_for_the_other_bank_gets_that_and_no_update()
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Bundles = [Bundle("2.0.0")], IsRollBackAsked = true };
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Equal(BankSlot.B, State(key).Preferred);
        Assert.DoesNotContain(around.Lines, line => line.StartsWith("ember.bundle", StringComparison.Ordinal));
    }

    private static BankState State(RecordingMedium key) => new KeyReader(key, "key").ReadState(out _);

    private static void Damage(RecordingMedium key, BankSlot slot)
    {
        int bank = (int)new KeyReader(key, "key").BankOffset(slot);
        key.Content[bank + key.Content.AsSpan(bank).IndexOf("the core of"u8)] ^= 1;
    }

    private void RequireRefused(byte[] bundle, string expected)
    {
        RecordingMedium key = Key();
        Surroundings around = new() { Bundles = [bundle] };
        Assert.Equal("1.0.0", LoaderStart.Run(key, around));
        Assert.Contains("ember.bundle: " + expected, around.Lines);
        Assert.Empty(key.Writes);
    }

    private RecordingMedium Key() => new(SmallKey.Image(_folder.FullName, hasB: true));

    private byte[] Bundle(string version) => SmallKey.BundleBytes(_folder.FullName, version);
}
