using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using Ember.Sdk.Gpt;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// Microsoft's dynamic VHD (Virtual Hard Disk Image Format Specification 1.0). Blocks of zeros are left out. Its identifier follows from
/// the disk's, and its time is the format's earliest.
/// </summary>
public sealed class VhdContainer : IImageContainer
{
    private const int SectorSize = GptTable.SectorSize;
    private const int BlockSize = 2 * 1024 * 1024;
    private const int FooterSize = 512;
    private const int HeaderSize = 1024;
    private const int TableOffset = FooterSize + HeaderSize;
    private const long LargestDisk = 2040L << 30;

    /// <inheritdoc/>
    public string Suffix => ".vhd";

    /// <inheritdoc/>
    public void Write(
        SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (image.Length > LargestDisk)
        {
            throw new ImageException(ErrorKind.Input, image.Path,
                $"its {image.Length} bytes are more than the {LargestDisk} that a VHD holds", "use qcow2");
        }

        byte[] footer = Footer(image.Length, GptReader.Read(image.Stream).DiskId);
        using AtomicFile output = AtomicFile.Create(outputPath);
        int blocks = (int)((image.Length + BlockSize - 1) / BlockSize);
        byte[] table = new byte[(blocks * sizeof(uint) + SectorSize - 1) / SectorSize * SectorSize];
        table.AsSpan().Fill(0xFF);
        long next = TableOffset + table.Length;

        // Before each block, a bit for each of its sectors that the block holds: all of them.
        byte[] bitmap = new byte[BlockSize / SectorSize / 8];
        bitmap.AsSpan().Fill(0xFF);
        byte[] block = new byte[BlockSize];
        foreach (long number in image.DataBlocks(block))
        {
            cancellationToken.ThrowIfCancellationRequested();
            output.WriteAt(next, bitmap);
            output.WriteAt(next + bitmap.Length, block);
            BinaryPrimitives.WriteUInt32BigEndian(table.AsSpan((int)number * sizeof(uint)), (uint)(next / SectorSize));
            next += bitmap.Length + BlockSize;
            progress?.Report(Math.Min((number + 1) * BlockSize, image.Length));
        }

        output.WriteAt(0, footer);
        output.WriteAt(FooterSize, Header(blocks));
        output.WriteAt(TableOffset, table);
        output.WriteAt(next, footer);
        progress?.Report(image.Length);
        output.Commit();
    }

    private static byte[] Footer(long length, Guid diskId)
    {
        byte[] footer = new byte[FooterSize];
        "conectix"u8.CopyTo(footer);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(8), 2); // Reserved, always set.
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(12), 0x0001_0000);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(16), FooterSize);

        // Hyper-V's name: for others QEMU takes the length from cylinders, heads and sectors, which is another.
        "win "u8.CopyTo(footer.AsSpan(28));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(32), 0x0006_0001);
        "Wi2k"u8.CopyTo(footer.AsSpan(36));
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(40), length);
        BinaryPrimitives.WriteInt64BigEndian(footer.AsSpan(48), length);
        WriteGeometry(footer.AsSpan(56), length / SectorSize);
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(60), 3); // Dynamic.
        SHA256.HashData([.. diskId.ToByteArray(), .. Encoding.ASCII.GetBytes("vhd")]).AsSpan(0, 16).CopyTo(footer.AsSpan(68));
        BinaryPrimitives.WriteUInt32BigEndian(footer.AsSpan(64), Checksum(footer));
        return footer;
    }

    private static byte[] Header(int blocks)
    {
        byte[] header = new byte[HeaderSize];
        "cxsparse"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(8), ulong.MaxValue);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(16), TableOffset);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(24), 0x0001_0000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(28), blocks);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(32), BlockSize);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), Checksum(header));
        return header;
    }

    /// <summary>Cylinders, heads and sectors of a track, by the specification's appendix.</summary>
    private static void WriteGeometry(Span<byte> field, long sectors)
    {
        sectors = Math.Min(sectors, 65_535L * 16 * 255);
        long perTrack = 255;
        long heads = 16;
        if (sectors < 65_535L * 16 * 63)
        {
            perTrack = 17;
            heads = Math.Max(4, (sectors / perTrack + 1023) / 1024);
            if (sectors / perTrack >= heads * 1024 || heads > 16)
            {
                perTrack = 31;
                heads = 16;
            }

            if (sectors / perTrack >= heads * 1024)
            {
                perTrack = 63;
                heads = 16;
            }
        }

        BinaryPrimitives.WriteUInt16BigEndian(field, (ushort)(sectors / perTrack / heads));
        field[2] = (byte)heads;
        field[3] = (byte)perTrack;
    }

    /// <summary>The ones' complement of the sum of all bytes, with zero where the checksum goes.</summary>
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint sum = 0;
        foreach (byte value in bytes)
        {
            sum += value;
        }

        return ~sum;
    }
}
