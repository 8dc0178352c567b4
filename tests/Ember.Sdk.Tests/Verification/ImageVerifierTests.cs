using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Ember.Formats.Banks;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Signing;
using Ember.Sdk.Verification;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Fat;
using Ember.Sdk.Verification.Rules;
using Ember.Sdk.Verification.Tables;

namespace Ember.Sdk.Tests.Verification;

public sealed class ImageVerifierTests
{
    // No bytes of an image make a medium unreadable, a device longer than its image, a volume too large, or another file beside it: these
    // have tests of their own.
    private static readonly string[] _withoutDefect = ["IMG-03", "IMG-04", "FAT-46", "EXE-06", "BANK-11"];

    private static readonly Lazy<byte[]> _good = new(() => new SignedKey().Write());

    public static TheoryData<string> Names => [.. Defects.Keys];

    internal static byte[] Good => _good.Value;

    internal static Dictionary<string, PlantedDefect> Defects { get; } = ((IEnumerable<PlantedDefect>)
        [.. TableDefects.All, .. FatDefects.All, .. FolderDefects.All, .. BankDefects.All]).ToDictionary(defect =>
            $"{defect.Id}: {defect.Name}");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_defect_is_found(string name)
    {
        PlantedDefect defect = Defects[name];
        byte[] image = defect.Make(new KeyBytes([.. Good]));
        VerificationReport report = Verify(image);
        Assert.True(report.Findings.Any(finding => finding.Rule.Id == defect.Id), Text(report));
    }

    [Fact]
    public void Every_rule_has_a_planted_defect() => Assert.Equal(
        VerificationRules.All.Select(rule => rule.Id).Except(_withoutDefect).Order(StringComparer.Ordinal),
        Defects.Values.Select(defect => defect.Id).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("standard")]
    [InlineData("16")]
    [InlineData("64")]
    [InlineData("FAT12 banks")]
    [InlineData("8 MiB aligned")]
    public void Nothing_is_found_in_what_is_written(string name)
    {
        KeyLayout layout = name switch
        {
            "standard" => KeyLayout.Standard,
            "16" => KeyLayout.Compact16,
            "64" => KeyLayout.Compact64,
            "FAT12 banks" => SignedKey.Layout with { BankSize = 1 << 20 },
            _ => SignedKey.Layout with { Alignment = 8 << 20 },
        };
        VerificationReport report = Verify(new SignedKey().Write(layout));
        Assert.True(report.Findings.Count == 0, Text(report));
        Assert.All(report.Contents.Banks, bank => Assert.True(bank.IsVerified && bank.IsSigned));
    }

    [Fact]
    public void A_key_with_one_bank_is_in_order()
    {
        VerificationReport report = Verify(new SignedKey { HasB = false }.Write());
        Assert.True(report.Findings.Count == 0, Text(report));
        Assert.Equal(BankSlot.A, Assert.Single(report.Contents.Banks).Slot);
    }

    [Fact]
    public void What_is_wrong_with_a_bank_that_is_not_started_is_a_warning()
    {
        SignedKey key = new()
        {
            ChangeState = _ =>
                BankDefects.StateOf(1, state => state with { B = new BankRecord { Condition = BankCondition.Bad } }),
        };
        byte[] image = key.Write();
        image.AsSpan(KeyBytes.BankB + (int)KeyBytes.BankGeometry.ClusterOffset(2), 200_000).Fill(0x55);
        VerificationReport report = Verify(image);
        Assert.Equal(0, report.Errors);
        Assert.Contains(report.Findings, finding => finding.Rule.Id == "BANK-06" || finding.Rule.Id == "BANK-02");
    }

    [Fact]
    public void A_report_tells_what_a_key_holds()
    {
        ImageContents contents = Verify(Good).Contents;
        Assert.Equal(["EFI system partition", "BANK-A", "BANK-B", "STATE"], contents.Partitions.Select(partition => partition.Name));
        Assert.Equal([32, 16, 16, null], contents.Partitions.Select(partition => partition.Volume?.FatBits));
        Assert.Equal(SignedKey.TestKey.Certificate.KeyId, contents.Loader!.VendorKeyId);
        Assert.True(contents.Loader.IsTestKey);
        BankContents bank = contents.Banks[1];
        Assert.Equal((BankSlot.B, "Example", "Edge", "1.0"),
            (bank.Slot, bank.Manifest!.Vendor, bank.Manifest.Product, bank.Manifest.Version));
        Assert.Equal(SignedKey.TestKey.Certificate.KeyId, bank.SignatureKeyId);
        Assert.Equal(SignedKey.TestKey.Certificate.Leaf.Subject, bank.CoreSigner);
        Assert.Equal(contents.Banks[0].Pcrs, bank.Pcrs);
        Assert.Equal(bank.Manifest.Files.Single(file => file.Kind == BankFileKind.Plan).Sha256, bank.Pcrs[1].Digest);
        MachineContents machine = Assert.Single(bank.Plan!.Machines);
        Assert.Equal(("web", 64ul << 20, 2u, "vmlinuz", "console=ttyS0"),
            (machine.Name, machine.MemoryBytes, machine.ProcessorCount, machine.Kernel, machine.CommandLine));
        Assert.Equal(["initrd.img"], machine.Modules);
        Assert.Equal((3ul, BankSlot.A, BankCondition.Good),
            (contents.State!.Sequence, contents.State.Preferred, contents.State.B.Condition));
    }

    [Fact]
    public void Loader_and_core_must_be_signed_under_the_given_certificate()
    {
        using TemporaryFolder folder = new();
        using ISigningKey another = KeyMaker.Open(folder);
        Assert.Empty(Verify(Good, SignedKey.TestKey.Certificate.Leaf).Findings);
        VerificationReport report = Verify(Good, another.Certificate.Leaf);
        Assert.Equal(["EXE-06", "EXE-06", "EXE-06"], report.Findings.Select(finding => finding.Rule.Id).Where(id => id == "EXE-06"));
    }

    [Theory]
    [InlineData("https://updates.example:8443/edge/")]
    [InlineData("http://192.0.2.1/")]
    public void A_bank_may_have_an_address_for_updates(string address)
    {
        SignedKey key = new();
        key.AddAddress(BankNames.UpdateAddress, address);
        Assert.Empty(Verify(key.Write()).Findings);
    }

    [Theory]
    [InlineData("the bill", 0)]
    [InlineData("another bill", 1)]
    [InlineData(null, 0)]
    public void A_document_beside_the_image_must_be_one_that_a_bank_was_signed_with(string? beside, int found)
    {
        using TemporaryFolder folder = new();
        SignedKey key = new()
        {
            ChangeItems = items => [.. items, new BankItem("bill", BankFileKind.Document, ContentDigest.Of("the bill"u8))],
        };
        File.WriteAllBytes(folder["key.img"], key.Write());
        if (beside is not null)
        {
            File.WriteAllText(folder["bill"], beside);
        }

        VerificationReport report = new ImageVerifier().Verify(folder["key.img"]);
        Assert.Equal((found, 0), (report.Warnings, report.Errors));
        Assert.All(report.Findings, finding => Assert.Equal(("BANK-11", "bill"), (finding.Rule.Id, finding.Place.Part)));
    }

    [Fact]
    public void A_pipe_in_a_documents_place_is_not_waited_for()
    {
        using TemporaryFolder folder = new();
        SignedKey key = new()
        {
            ChangeItems = items => [.. items, new BankItem("bill", BankFileKind.Document, ContentDigest.Of("the bill"u8))],
        };
        File.WriteAllBytes(folder["key.img"], key.Write());
        Assert.Equal(("", 0), HostTool.Run("coreutils", "mkfifo", folder["bill"]));

        Finding finding = Assert.Single(new ImageVerifier().Verify(folder["key.img"]).Findings);
        Assert.Equal("BANK-11", finding.Rule.Id);
    }

    [Fact]
    public void A_device_longer_than_its_image_is_read_as_far_as_the_image_goes()
    {
        byte[] device = [.. Good, .. Enumerable.Repeat((byte)0xA5, 3 << 20)];
        using MemoryStream stream = new(device, writable: false);
        VerificationReport report = new ImageVerifier().Verify(stream, device.Length, isDevice: true, default);
        Assert.Equal("IMG-04", Assert.Single(report.Findings).Rule.Id);
    }

    [Fact]
    public void A_sector_that_cannot_be_read_is_named()
    {
        using PartialStream stream = new(Good, Good.Length, KeyBytes.BankA);
        VerificationReport report = new ImageVerifier().Verify(stream);
        Finding finding = report.Findings.First(finding => finding.Rule.Id == "IMG-03");
        Assert.Equal(KeyBytes.BankA, finding.Place.Offset);
    }

    [Fact]
    public void A_volume_of_more_clusters_than_are_read_is_refused()
    {
        // 16 GiB of nothing: a volume of 2^25 clusters that a boot sector alone makes.
        const long Sectors = 32L << 20;
        byte[] boot = [.. Good.AsSpan(KeyBytes.Esp, KeyBytes.Sector)];
        BitConverter.TryWriteBytes(boot.AsSpan(32), (uint)Sectors);
        BitConverter.TryWriteBytes(boot.AsSpan(36), (uint)(Sectors * 4 / 512));
        using PartialStream stream = new(boot, Sectors * 512);
        Findings findings = new();
        ImageBytes image = new(stream, Sectors * 512, findings, default);
        PartitionEntry partition = new(1, Guid.Empty, Guid.Empty, 0, Sectors - 1, 0, "");
        Assert.Null(FatBootCheck.Run(partition, image, findings));
        Assert.Contains(findings.ToList(), finding => finding.Rule.Id == "FAT-46");
    }

    [Fact]
    public void A_name_made_to_fool_is_shown_with_its_characters_escaped()
    {
        KeyBytes key = new([.. Good]);
        key.Entry(2, 56, 0x2E, 0x20, 0x1B, 0);
        Finding finding = Verify(key.Bytes).Findings.First(finding => finding.Rule.Id == "PART-07");
        Assert.StartsWith("\\u202E\\u001B", finding.Place.Part, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_image_is_refused()
    {
        EmberException e = Assert.Throws<EmberException>(() => new ImageVerifier().Verify("/nowhere/key.img"));
        Assert.Equal((ErrorKind.Input, true), (e.Kind, e.Message.StartsWith("/nowhere/key.img: cannot be read", StringComparison.Ordinal)));
    }

    internal static VerificationReport Verify(byte[] image, X509Certificate2? certificate = null)
    {
        using MemoryStream stream = new(image, writable: false);
        return new ImageVerifier { Certificate = certificate }.Verify(stream);
    }

    private static string Text(VerificationReport report)
    {
        StringBuilder text = new("found:\n");
        foreach (Finding finding in report.Findings)
        {
            text.Append(finding.Rule.Id).Append(' ').Append(finding.Place).Append(": ").Append(finding.What).Append('\n');
        }

        return text.ToString();
    }
}
