using System;
using System.IO;
using System.Linq;
using CsCheck;
using Ember.Formats.Banks;
using Ember.Sdk.Differences;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Verification;

namespace Ember.Sdk.Tests.Differences;

public sealed class ImageComparerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_image_differs_in_nothing()
    {
        ImageDifference difference = Compare(ImageVerifierTests.Good, ImageVerifierTests.Good);
        Assert.True(difference.IsNone);
        Assert.Equal((0, 0, 0), (difference.Values.Count, difference.Files.Count, difference.Areas.Count));
    }

    [Fact]
    public void A_payload_of_another_content_is_told_with_what_follows_from_it()
    {
        SignedKey after = new();
        after.Payloads["vmlinuz"][1000] ^= 1;
        after.Payloads["vmlinuz"][1007] ^= 1;
        after.Payloads["vmlinuz"][1016] ^= 1;
        ImageDifference difference = Compare(ImageVerifierTests.Good, after.Write());

        Assert.Equal(
            ((string[])["BANK-A", "BANK-B"]).SelectMany(bank => ((string[])["bank.manifest", "bank.signature", "vmlinuz"])
                .Select(name => $"{bank}/{name}")),
            difference.Files.Select(file => $"{file.Partition}/{file.Path}"));
        FileDifference kernel = difference.Files[2];
        Assert.Equal((9000L, 9000L, 3L), (kernel.LengthBefore, kernel.LengthAfter, kernel.DifferentBytes));
        Assert.Equal([new ByteRange(1000, 8), new ByteRange(1016, 1)], kernel.Ranges);
        Assert.Equal(
            ["BANK-A: identifier", "BANK-A: serial number", "BANK-B: identifier", "BANK-B: serial number"],
            difference.Values.Where(value => value.Name.StartsWith("BANK", StringComparison.Ordinal)).Select(value => value.Name));
        Assert.Equal(["partition table", "BANK-A: tables", "BANK-B: tables"], difference.Areas.Select(area => area.Name));
    }

    [Fact]
    public void What_a_vendor_changed_is_told_by_name()
    {
        SignedKey after = new()
        {
            DescriptionOfB = new("Example", "Edge", "1.1", 2, IsTestKey: true),
            ChangeState = _ => BankDefects.StateOf(
                1, state => state with { B = new BankRecord { Condition = BankCondition.Trial, TriesLeft = 2 } }),
        };
        ImageDifference difference = Compare(ImageVerifierTests.Good, after.Write());
        Assert.Contains(new ValueDifference("bank B: version", "1.0", "1.1"), difference.Values);
        Assert.Contains(new ValueDifference("bank B: security version", "1", "2"), difference.Values);
        Assert.Contains(new ValueDifference("state: bank B", "Good", "Trial, 2 tries left"), difference.Values);
        Assert.Contains("STATE", difference.Areas.Select(area => area.Name));
        Assert.DoesNotContain(difference.Values, value => value.Name.StartsWith("bank A: v", StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_one_image_has_not_is_told()
    {
        SignedKey after = new();
        after.MoreFilesOfBankA.Add("more", new byte[777]);
        ImageDifference difference = Compare(ImageVerifierTests.Good, after.Write());
        FileDifference more = Assert.Single(difference.Files);
        Assert.Equal(("BANK-A", "more"), (more.Partition, more.Path));
        Assert.Equal((null, 777L, 777L), (more.LengthBefore, more.LengthAfter, more.DifferentBytes));
        more = Assert.Single(Compare(after.Write(), ImageVerifierTests.Good).Files);
        Assert.Equal((777L, null, 777L), (more.LengthBefore, more.LengthAfter, more.DifferentBytes));
    }

    [Fact]
    public void Of_an_executable_the_parts_that_differ_are_told()
    {
        ImageDifference difference = Compare(ImageVerifierTests.Good, new SignedKey { ChangeCore = ChangeLastByte }.Write());
        FileDifference core = difference.Files.First(file => file.Path == "core.efi");
        Assert.Equal([new PartDifference("signature", 1)], core.Parts);
        Assert.All(difference.Files.Where(file => file.Path != "core.efi"), file => Assert.Empty(file.Parts));

        static byte[] ChangeLastByte(byte[] bytes)
        {
            bytes[^1] ^= 1;
            return bytes;
        }
    }

    [Fact]
    public void Images_of_other_layouts_are_compared_file_by_file()
    {
        byte[] larger = new SignedKey().Write(SignedKey.Layout with { BankSize = 5 << 20 });
        ImageDifference difference = Compare(ImageVerifierTests.Good, larger);
        Assert.Null(difference.DifferentBytes);
        Assert.False(difference.IsNone);
        Assert.Empty(difference.Files);
        Assert.Empty(difference.Areas);
        Assert.Contains(new ValueDifference("BANK-A: bytes", "4194304", "5242880"), difference.Values);
    }

    [Fact]
    public void Every_changed_byte_is_counted_and_has_a_place()
    {
        byte[] good = ImageVerifierTests.Good;

        // Anywhere but in tables that the readers hold against each other: content of files, free clusters, the state's partition.
        Gen<int> offset = Gen.OneOf(
            Gen.Int[KeyBytes.BankA + (int)KeyBytes.BankGeometry.ClusterOffset(2), KeyBytes.BankB - 1],
            Gen.Int[KeyBytes.BankB + (int)KeyBytes.BankGeometry.ClusterOffset(2), KeyBytes.State - 1],
            Gen.Int[KeyBytes.State, KeyBytes.State + (1 << 20) - 1]);
        Gen.Select(offset, Gen.Int[1, 255]).Array[1, 40].Sample(
            changes =>
            {
                byte[] bad = [.. good];
                foreach ((int at, int value) in changes)
                {
                    bad[at] ^= (byte)value;
                }

                ImageDifference difference = Compare(good, bad);
                long expected = good.Zip(bad).Count(pair => pair.First != pair.Second);
                Assert.Equal(expected, difference.DifferentBytes);
                Assert.Equal(
                    expected, difference.Files.Sum(file => file.DifferentBytes) + difference.Areas.Sum(area => area.DifferentBytes));
            },
            iter: 8,
            threads: 1);
    }

    [Fact]
    public void A_damaged_or_missing_image_is_an_error_that_leads_on()
    {
        byte[] bad = [.. ImageVerifierTests.Good];
        bad[KeyBytes.BankA + ((int)KeyBytes.BankGeometry.FatSector(0) * KeyBytes.Sector) + 40] ^= 0x55;
        EmberException damaged = Assert.Throws<EmberException>(() => Compare(ImageVerifierTests.Good, bad));
        Assert.Equal(ErrorKind.Checked, damaged.Kind);
        Assert.StartsWith($"{_folder["after.img"]}: FAT: ", damaged.Message, StringComparison.Ordinal);
        Assert.EndsWith("; 'ember verify' tells everything that is wrong with it", damaged.Message, StringComparison.Ordinal);
        EmberException missing = Assert.Throws<EmberException>(() => ImageComparer.Compare(_folder["none.img"], _folder["after.img"]));
        Assert.Equal(ErrorKind.Input, missing.Kind);
        EmberException cut = Assert.Throws<EmberException>(() => Compare(ImageVerifierTests.Good, ImageVerifierTests.Good[..100_000]));
        Assert.Equal(ErrorKind.Checked, cut.Kind);
    }

    private ImageDifference Compare(byte[] before, byte[] after)
    {
        File.WriteAllBytes(_folder["before.img"], before);
        File.WriteAllBytes(_folder["after.img"], after);
        return ImageComparer.Compare(_folder["before.img"], _folder["after.img"]);
    }
}
