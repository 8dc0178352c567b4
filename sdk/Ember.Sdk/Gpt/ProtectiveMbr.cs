using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Gpt;

/// <summary>
/// The protective MBR in sector 0, which tells software that knows no GPT that the disk is full (UEFI 2.10 §5.2.3).
/// </summary>
internal static class ProtectiveMbr
{
    private const int FirstRecord = 446;
    private const byte GptProtective = 0xEE;
    private const int Heads = 255;
    private const int SectorsPerTrack = 63;
    private const int MaximumCylinder = 1023;

    /// <summary>Writes it into a zeroed sector.</summary>
    public static void Encode(Span<byte> sector, long sectorCount)
    {
        Span<byte> record = sector.Slice(FirstRecord, 16);
        record[2] = 2; // StartingCHS: cylinder 0, head 0, sector 2, which is LBA 1.
        record[4] = GptProtective;
        EncodeLastChs(record.Slice(5, 3), sectorCount - 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record[12..], (uint)Math.Min(sectorCount - 1, uint.MaxValue));
        sector[510] = 0x55;
        sector[511] = 0xAA;
    }

    /// <summary>
    /// Checks that sector 0 is exactly what <see cref="Encode"/> writes; boot code is not, for UEFI never runs it.
    /// </summary>
    /// <exception cref="ImageException">It is anything else.</exception>
    public static void Check(ReadOnlySpan<byte> sector, long sectorCount)
    {
        byte[] expected = new byte[GptTable.SectorSize];
        Encode(expected, sectorCount);
        int difference = sector.CommonPrefixLength(expected);
        if (difference < expected.Length)
        {
            throw new ImageException(ErrorKind.Checked, "protective MBR",
                $"byte {difference} is 0x{sector[difference]:X2} and should be 0x{expected[difference]:X2}", GptReader.Remedy);
        }
    }

    private static void EncodeLastChs(Span<byte> chs, long lba)
    {
        long cylinder = lba / (Heads * SectorsPerTrack);
        if (cylinder > MaximumCylinder)
        {
            chs.Fill(0xFF);
            return;
        }

        chs[0] = (byte)(lba / SectorsPerTrack % Heads);
        chs[1] = (byte)((lba % SectorsPerTrack + 1) | (cylinder >> 8 << 6));
        chs[2] = (byte)cylinder;
    }
}
