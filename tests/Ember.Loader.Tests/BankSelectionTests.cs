using System;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;

namespace Ember.Loader.Tests;

public sealed unsafe class BankSelectionTests
{
    private readonly FakeKey _key = new();

    [Fact]
    public void A_key_from_the_factory_starts_bank_A_and_writes_nothing()
    {
        _key.SetState(BankSlot.A, BankCondition.Good, BankCondition.Good);
        Start(BankSlot.A, files => Assert.Equal(["the core of 1.0.0", "the plan of 1.0.0", new string('1', 5000)], files));
        Assert.DoesNotContain("write state", _key.Events);
        Assert.Equal(
            [
                "core.efi verified, 17 bytes", "appliance.plan verified, 17 bytes", "root.img verified, 5.0 kB",
                "SHA-256: 5.0 kB in 1 ms, 4 MB/s (portable)", "bank A 1.0.0 verified: Edge",
            ],
            _key.Lines);
        Assert.Equal(4, _key.Allocations);
    }

    [Fact]
    public void A_picture_is_shown_once_it_is_verified_and_its_memory_given_back()
    {
        _key.SetState(BankSlot.A, BankCondition.Good, BankCondition.Good);
        _key.A = SignedBank.Of("1.0.0", logo: [1, 2, 3]);
        Assert.Equal(BankSlot.A, Run().Slot);
        Assert.Equal("show 3 bytes", _key.Events[_key.Events.IndexOf("load A logo.bmp") + 1]);
        Assert.Equal(4, _key.Allocations);

        _key.A["logo.bmp"] = [1, 2, 4];
        _key.Events.Clear();
        Assert.Equal(BankSlot.B, Run().Slot);
        Assert.DoesNotContain("show 3 bytes", _key.Events);
    }

    [Fact]
    public void A_trial_is_counted_before_anything_of_it_is_loaded()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Trial);
        ulong attempt = Start(BankSlot.B);
        Assert.Equal((2u, attempt), (_key.Current.B.TriesLeft, _key.Current.Attempt));
        Assert.NotEqual(0ul, attempt);
        Assert.Equal("write state", _key.Events[0]);
    }

    [Fact]
    public void A_confirmed_trial_is_good_at_the_next_start()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Trial);
        _key.ConfirmedAttempt = Start(BankSlot.B);
        Assert.Equal(0ul, Start(BankSlot.B));
        Assert.Equal(BankCondition.Good, _key.Current.B.Condition);
        Assert.Contains("bank B: confirmed: its virtual machines came up at the last start", _key.Lines);
    }

    [Fact]
    public void A_trial_that_is_never_confirmed_has_three_starts()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Trial);
        Assert.Equal(
            [BankSlot.B, BankSlot.B, BankSlot.B, BankSlot.A, BankSlot.A],
            Enumerable.Range(0, 5).Select(_ => Run().Slot));
        Assert.Equal(BankCondition.Bad, _key.Current.B.Condition);
    }

    [Theory]
    [InlineData("bank.manifest")]
    [InlineData("bank.signature")]
    [InlineData("core.efi")]
    [InlineData("appliance.plan")]
    [InlineData("root.img")]
    public void Any_changed_missing_short_or_long_file_leads_to_the_other_bank(string name)
    {
        byte[] content = _key.B[name];
        foreach (byte[]? broken in (byte[]?[])[null, [.. content, 0], content[..^1], [.. content[..^1], (byte)(content[^1] ^ 1)]])
        {
            _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
            _key.Lines.Clear();
            _key.Allocations = 0;
            if (broken == null)
            {
                _key.B.Remove(name);
            }
            else
            {
                _key.B[name] = broken;
            }

            Start(BankSlot.A);
            Assert.Contains(_key.Lines, line => line.StartsWith($"bank B: {name}: ", StringComparison.Ordinal));
            Assert.Contains("bank A: trying it instead", _key.Lines);
            Assert.Equal(BankCondition.Good, _key.Current.B.Condition);
            Assert.Equal(4, _key.Allocations);
        }
    }

    [Theory]
    [InlineData("bank.manifest")]
    [InlineData("bank.signature")]
    [InlineData("core.efi")]
    [InlineData("root.img")]
    public void A_file_that_cannot_be_read_to_its_end_leads_to_the_other_bank(string name)
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
        _key.Unreadable = name;
        Start(BankSlot.A);
        Assert.Contains($"bank B: {name}: read error: try another key or port", _key.Lines);
        Assert.Equal(4, _key.Allocations);
    }

    [Fact]
    public void A_manifest_signed_by_somebody_else_is_refused()
    {
        _key.SetState(BankSlot.A, BankCondition.Good, BankCondition.Empty);
        _key.A["bank.signature"] = TestKey.All[^1].BankSignatureOf(_key.A["bank.manifest"]);
        Assert.Equal(BankSlot.None, Run().Slot);
        Assert.Equal(["bank A: bank.signature: made with another key"], _key.Lines);
        Assert.Equal(0, _key.Allocations);
    }

    [Fact]
    public void Without_a_bank_that_verifies_none_is_started_and_nothing_is_kept_in_memory()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
        _key.A["core.efi"][3] ^= 1;
        _key.B.Clear();
        Assert.Equal(BankSlot.None, Run().Slot);
        Assert.Equal(
            [
                "bank B: bank.manifest: not found", "bank A: trying it instead",
                "bank A: core.efi: SHA-256 differs from the manifest",
            ],
            _key.Lines);
        Assert.Equal(0, _key.Allocations);
        Assert.Equal(BankCondition.Good, _key.Current.A.Condition);
    }

    [Fact]
    public void A_lost_state_has_both_banks_tried()
    {
        Start(BankSlot.A);
        Assert.Equal("the state of the banks cannot be read: trying bank A, then bank B", _key.Lines[0]);
        _key.A.Clear();
        _key.CanReadState = false;
        _key.CanWriteState = false;
        Start(BankSlot.B);
    }

    [Fact]
    public void A_trial_that_cannot_be_counted_is_not_tried_while_there_is_a_good_bank()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Trial);
        _key.CanWriteState = false;
        Start(BankSlot.A);
        Assert.Contains("bank B: not tried, since tries cannot be counted", _key.Lines);
    }

    [Fact]
    public void The_keyboard_goes_back_to_the_other_bank_and_it_stays_there()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
        _key.IsRollBackAsked = true;
        Start(BankSlot.A);
        _key.IsRollBackAsked = false;
        Start(BankSlot.A);
        Assert.Equal(BankCondition.Good, _key.Current.B.Condition);
    }

    [Fact]
    public void A_key_pressed_while_a_bank_is_read_goes_to_the_other_one_and_keeps_nothing_of_the_first()
    {
        _key.A = SignedBank.Of("1.0.0");
        _key.B = SignedBank.Of("2.0.0", securityVersion: 9);
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
        _key.PressWhenLoading = "root.img";
        Start(BankSlot.A, files => Assert.Equal("the core of 1.0.0", files[0]));
        Assert.Equal(BankSlot.A, _key.Current.Preferred);
        Assert.Equal(["bank B 2.0.0 verified: Edge", "bank B: left, as was asked for at the keyboard"], _key.Lines[4..6]);
        Assert.Equal((0u, 4), (_key.MinimumSecurityVersion - 1, _key.Allocations));
    }

    [Fact]
    public void A_key_pressed_again_while_the_other_bank_is_read_does_not_go_back()
    {
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Good);
        _key.IsRollBackAsked = true;
        _key.PressWhenLoading = "root.img";
        Start(BankSlot.A);
        Assert.Equal(BankSlot.A, _key.Current.Preferred);
    }

    [Fact]
    public void An_older_security_version_is_refused_once_a_newer_one_is_good()
    {
        _key.B = SignedBank.Of("2.0.0", securityVersion: 9);
        _key.SetState(BankSlot.B, BankCondition.Good, BankCondition.Trial);
        _key.ConfirmedAttempt = Start(BankSlot.B);
        Assert.Equal(0u, _key.MinimumSecurityVersion);
        Start(BankSlot.B);
        Assert.Equal(9u, _key.MinimumSecurityVersion);
        _key.IsRollBackAsked = true;
        Start(BankSlot.B);
        Assert.Contains(_key.Lines, line => line.StartsWith(
            "bank A: its security version is 1, and this machine has started 9", StringComparison.Ordinal));
    }

    [Fact]
    public void A_firmware_that_keeps_no_version_is_said_and_starts_the_bank()
    {
        _key.SetState(BankSlot.A, BankCondition.Good, BankCondition.Empty);
        _key.CanKeepVersion = false;
        Start(BankSlot.A);
        Assert.Contains(_key.Lines, line => line.Contains("cannot be kept in the firmware", StringComparison.Ordinal));
    }

    /// <returns>The number of the start that the core has to confirm.</returns>
    private ulong Start(BankSlot expected, Action<string[]>? check = null)
    {
        (BankSlot slot, ulong attempt, string[] files) = Run();
        Assert.True(slot == expected, string.Join('\n', _key.Lines));
        check?.Invoke(files);
        return attempt;
    }

    private (BankSlot Slot, ulong Attempt, string[] Files) Run()
    {
        FakeMedium medium = new(_key);
        HandOver handOver = default;
        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(TestKey.Bits3072.PublicKey(), out RsaPublicKey key));
        BankSlot slot = new BankSelection<FakeMedium>(ref medium, key, &handOver).Run();
        if (slot == BankSlot.None)
        {
            return (slot, 0, []);
        }

        Assert.Equal((HandOver.CurrentVersion, slot), (handOver.Version, handOver.Slot));
        Assert.Equal(BankManifestStatus.Good, BankManifest.TryRead(
            new ReadOnlySpan<byte>(handOver.Manifest, (int)handOver.ManifestLength), out BankManifest manifest));
        string[] files = new string[3];
        for (int i = 0; i < files.Length; i++)
        {
            files[i] = Encoding.ASCII.GetString((byte*)handOver.Files[i], (int)manifest.File(i).Length);
        }

        Assert.Equal(0u, handOver.Files[3]);
        return (slot, handOver.Attempt, files);
    }
}
