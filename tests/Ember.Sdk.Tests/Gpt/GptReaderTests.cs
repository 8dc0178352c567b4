using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Hashing;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Tests.Gpt;

public sealed class GptReaderTests
{
    private const int Sector = GptTable.SectorSize;
    private const int Header = Sector;
    private const int Entries = 2 * Sector;

    private static int Length { get; } = (int)GptFixture.Small.SectorCount * Sector;
    private static int BackupEntries { get; } = Length - 33 * Sector;
    private static int BackupHeader { get; } = Length - Sector;

    [Fact]
    public void Any_wrong_byte_is_refused()
    {
        byte[] disk = GptFixture.Disk(GptFixture.Small).ToArray();
        using MemoryStream stream = new(disk);
        GptFixture.AssertSame(GptFixture.Small, GptReader.Read(stream));
        for (int i = 0; i < disk.Length; i++)
        {
            if (i == 34 * Sector)
            {
                i = BackupEntries;
            }

            disk[i] ^= 0x40;
            ImageException exception = Assert.Throws<ImageException>(() => GptReader.Read(stream));
            Assert.Equal(ErrorKind.Checked, exception.Kind);
            disk[i] ^= 0x40;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(67 * 512)]
    [InlineData(68 * 512)]
    [InlineData(2048 * 512)]
    [InlineData((4096 + 33) * 512 - 1)]
    [InlineData((4096 + 32) * 512)]
    public void A_truncated_image_is_refused(int length)
    {
        byte[] disk = GptFixture.Disk(GptFixture.Small).ToArray();

        Assert.Throws<ImageException>(() => GptReader.Read(new MemoryStream(disk[..length])));
    }

    [Fact]
    public void An_image_with_something_after_its_end_is_refused()
    {
        byte[] disk = GptFixture.Disk(GptFixture.Small).ToArray();

        using MemoryStream longer = new([.. disk, .. new byte[Sector]]);
        ImageException exception = Assert.Throws<ImageException>(() => GptReader.Read(longer));

        Assert.Equal("protective MBR", exception.Where);
    }

    [Theory]
    [InlineData(33, 0x10, "after its last")]
    [InlineData(32, 0x01, "not aligned")]
    [InlineData(41, 0x10, "leave the usable")]
    [InlineData(48, 0x08, "reserved bits")]
    [InlineData(56 + 2 * 30, 0x01, "after the end of its name")]
    [InlineData(128 + 20, 0x01, "not in use, and not zero")]
    public void A_wrong_entry_is_refused_though_every_checksum_is_right(int offset, byte change, string what)
    {
        byte[] disk = GptFixture.Disk(GptFixture.Small).ToArray();
        disk[Entries + offset] ^= change;
        CopyAndSeal(disk);

        ImageException exception = Assert.Throws<ImageException>(() => GptReader.Read(new MemoryStream(disk)));
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Checked, exception.Kind);
    }

    [Theory]
    [InlineData(8, "revision")]
    [InlineData(12, "size")]
    [InlineData(20, "reserved field")]
    [InlineData(24, "it says it lies in sector")]
    [InlineData(32, "other copy")]
    [InlineData(40, "usable sectors")]
    [InlineData(48, "usable sectors")]
    [InlineData(56, "disk identifier differs")]
    [InlineData(72, "puts its entries in sector")]
    [InlineData(80, "entries are not 128")]
    [InlineData(84, "entries are not 128")]
    [InlineData(88, "CRC-32 is wrong")]
    [InlineData(92, "rest of its sector")]
    public void A_wrong_header_is_refused_though_its_checksum_is_right(int offset, string what)
    {
        foreach (int header in (int[])[Header, BackupHeader])
        {
            byte[] disk = GptFixture.Disk(GptFixture.Small).ToArray();
            disk[header + offset] ^= 0x40;
            SealHeader(disk.AsSpan(header, Sector));

            ImageException exception = Assert.Throws<ImageException>(() => GptReader.Read(new MemoryStream(disk)));
            Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Makes both copies of the entries the first one, and every checksum right.</summary>
    private static void CopyAndSeal(byte[] disk)
    {
        Span<byte> entries = disk.AsSpan(Entries, 32 * Sector);
        entries.CopyTo(disk.AsSpan(BackupEntries));
        foreach (int header in (int[])[Header, BackupHeader])
        {
            BinaryPrimitives.WriteUInt32LittleEndian(disk.AsSpan(header + 88), Crc32.HashToUInt32(entries));
            SealHeader(disk.AsSpan(header, Sector));
        }
    }

    private static void SealHeader(Span<byte> header)
    {
        header.Slice(16, 4).Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(header[16..], Crc32.HashToUInt32(header[..92]));
    }
}
