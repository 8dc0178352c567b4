using System;
using System.Text;
using CsCheck;
using Ember.Formats.Banks;

namespace Ember.Formats.Tests.Banks;

public sealed class BankManifestTests
{
    [Fact]
    public void A_good_manifest_reads_back_field_by_field()
    {
        Assert.Equal(BankManifestStatus.Good, BankManifest.TryRead(ManifestBytes.Good(), out BankManifest manifest));
        Assert.Equal(4, manifest.FileCount);
        Assert.Equal(7u, manifest.Header.SecurityVersion);
        Assert.Equal(BankFlags.TestKey, manifest.Header.Flags);
        Assert.Equal("Ember Reference", Encoding.ASCII.GetString(BankManifest.ProductOf(in manifest.Header)));
        Assert.Equal("1.4.0", Encoding.ASCII.GetString(BankManifest.ProductVersionOf(in manifest.Header)));
        ref readonly BankFile payload = ref manifest.File(2);
        Assert.Equal("vmlinuz-6.1.0", Encoding.ASCII.GetString(BankManifest.NameOf(in payload)));
        Assert.Equal(8_000_000ul, payload.Length);
        Assert.Equal(0x1122_3344_5566_7788ul, payload.Xxh3);
        Assert.Equal(3, payload.Sha256[31]);
        Assert.Equal(BankFileKind.Payload, payload.Kind);
        Assert.Equal(3, manifest.Find("sbom.cdx.json"u8));
        Assert.Equal(-1, manifest.Find("sbom"u8));
    }

    [Theory]
    [InlineData(0, 0u, BankManifestStatus.MagicDiffers)]
    [InlineData(8, 2u, BankManifestStatus.VersionUnknown)]
    [InlineData(12, 767u, BankManifestStatus.LengthDiffers)]
    [InlineData(16, 3u, BankManifestStatus.LengthDiffers)]
    [InlineData(16, 1u, BankManifestStatus.FileCountInvalid)]
    [InlineData(16, 81u, BankManifestStatus.FileCountInvalid)]
    [InlineData(16, 0x0200_0004u, BankManifestStatus.FileCountInvalid)]
    [InlineData(24, 2u, BankManifestStatus.HeaderReserved)]
    [InlineData(28, 1u, BankManifestStatus.HeaderReserved)]
    [InlineData(144, 1u, BankManifestStatus.HeaderReserved)]
    [InlineData(252, 0x0100_0000u, BankManifestStatus.HeaderReserved)]
    [InlineData(32, 0u, BankManifestStatus.ProductInvalid)]
    [InlineData(60, 0x4141_4141u, BankManifestStatus.ProductInvalid)]
    [InlineData(64, 0x0A0A_0A0Au, BankManifestStatus.ProductInvalid)]
    [InlineData(80, 0u, BankManifestStatus.ProductInvalid)]
    [InlineData(256, 0u, BankManifestStatus.FileNameInvalid)]
    [InlineData(512, 0x2F2E_2E5Cu, BankManifestStatus.FileNameInvalid)]
    [InlineData(304, 0u, BankManifestStatus.FileLengthInvalid)]
    [InlineData(308, 1u, BankManifestStatus.FileLengthInvalid)]
    [InlineData(304, 0x8000_0000u, BankManifestStatus.FileLengthInvalid)]
    [InlineData(352, 0u, BankManifestStatus.FileKindUnknown)]
    [InlineData(608, 7u, BankManifestStatus.FileKindUnknown)]
    [InlineData(356, 1u, BankManifestStatus.FileReserved)]
    [InlineData(764, 0x0100_0000u, BankManifestStatus.FileReserved)]
    [InlineData(608, 1u, BankManifestStatus.CoreCountInvalid)]
    [InlineData(352, 3u, BankManifestStatus.CoreCountInvalid)]
    [InlineData(608, 2u, BankManifestStatus.PlanCountInvalid)]
    [InlineData(480, 3u, BankManifestStatus.PlanCountInvalid)]
    public void One_wrong_field_is_found_and_named(int offset, uint value, BankManifestStatus expected)
    {
        byte[] manifest = ManifestBytes.Good();
        ManifestBytes.UInt32(manifest, offset, value);
        Assert.Equal(expected, BankManifest.TryRead(manifest, out _));
    }

    [Theory]
    [InlineData("core.efi")]
    [InlineData("CORE.EFI")]
    [InlineData("Appliance.Plan")]
    [InlineData("bank.manifest")]
    [InlineData("BANK.SIGNATURE")]
    public void A_name_that_FAT_takes_for_another_is_refused(string name)
    {
        byte[] manifest = ManifestBytes.Good();
        manifest.AsSpan(512, 48).Clear();
        ManifestBytes.Text(manifest, 512, name);
        Assert.Equal(BankManifestStatus.FileNameTaken, BankManifest.TryRead(manifest, out _));
    }

    [Fact]
    public void A_shorter_or_longer_file_is_refused_at_every_length()
    {
        byte[] manifest = ManifestBytes.Good();
        for (int length = 0; length < manifest.Length; length++)
        {
            BankManifestStatus expected = length < 256 ? BankManifestStatus.TooShort : BankManifestStatus.LengthDiffers;
            Assert.Equal(expected, BankManifest.TryRead(manifest.AsSpan(0, length), out _));
        }

        Assert.Equal(BankManifestStatus.LengthDiffers, BankManifest.TryRead([.. manifest, 0], out _));
    }

    [Fact]
    public void Whatever_is_in_it_reading_ends_with_a_status_that_has_words() =>
        Gen.Select(Gen.Int[0, 767], Gen.Byte).Array[1, 20].Sample(changes =>
        {
            byte[] manifest = ManifestBytes.Good();
            foreach ((int offset, byte value) in changes)
            {
                manifest[offset] = value;
            }

            BankManifestStatus status = BankManifest.TryRead(manifest, out BankManifest read);
            return !BankManifestStatusText.Of(status).SequenceEqual("unknown status"u8)
                && (status != BankManifestStatus.Good || read.FileCount == 4);
        });
}
