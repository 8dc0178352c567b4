using System;
using System.Collections.Generic;
using System.Linq;
using static Ember.Sdk.Tests.Verification.KeyBytes;
using static Ember.Sdk.Tests.Verification.PlantedDefect;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Defects of the image's length, protective MBR and GUID partition table.</summary>
internal static class TableDefects
{
    private const int Record = 446;

    public static IEnumerable<PlantedDefect> All =>
    [
        new("too short for any table", "IMG-01", key => key.Bytes[..1000]),
        new("cut off by a sector", "IMG-02", key => key.Bytes[..^Sector]),
        new("longer by a sector", "IMG-02", key => [.. key.Bytes, .. new byte[Sector]]),
        InBytes("no 55 AA in the MBR", "MBR-01", key => key.Word(510, 0)),
        InBytes("the MBR's record has another type", "MBR-02", key => key.Byte(Record + 4, 0x0C)),
        InBytes("the MBR's record begins in sector 2", "MBR-02", key => key.Long(Record + 8, 2)),
        InBytes("the MBR's record is too short", "MBR-03", key => key.Long(Record + 12, 1000)),
        InBytes("the MBR's record ends in another cylinder", "MBR-04", key => key.Byte(Record + 7, 0xFE)),
        InBytes("a second record in the MBR", "MBR-05", key => key.Byte(Record + 16 + 4, 0x83)),
        InBytes("the MBR's record is active", "MBR-06", key => key.Byte(Record, 0x80)),
        InBytes("boot code in the MBR", "MBR-07", key => key.Byte(0, 0xEB)),
        InBytes("no signature in the primary header", "GPT-01", key => key.Byte(Sector, (byte)'e')),
        InBytes("no signature in the backup header", "GPT-01", key => key.Byte(Length - Sector, 0)),
        InBytes("the primary header has revision 2.0", "GPT-02", key => key.Header(8, 0x20000)),
        InBytes("the primary header has 96 bytes", "GPT-03", key => key.Header(12, 96)),
        InBytes("the primary header's CRC is wrong", "GPT-04", key => key.Byte(Sector + 16, key.Bytes[Sector + 16] ^ 1)),
        InBytes("the backup header's CRC is wrong", "GPT-04", key => key.Byte(Length - Sector + 16, key.Bytes[Length - Sector + 16] ^ 1)),
        InBytes("the reserved field of the primary header is set", "GPT-05", key => key.Header(20, 1)),
        InBytes("something behind the backup header", "GPT-06", key => key.Byte(Length - 1, 1)),
        InBytes("the primary header says it is the backup", "GPT-07", key => key.Header(24, (Length / Sector) - 1, width: 8)),
        InBytes("the primary header looks for the backup elsewhere", "GPT-08", key => key.Header(32, (Length / Sector) - 2, width: 8)),
        InBytes("the backup header looks for the primary elsewhere", "GPT-08", key => key.Header(32, 1L << 40, isBackup: true, width: 8)),
        InBytes("the usable sectors begin too early", "GPT-09", key => key.Header(40, 3, width: 8)),
        InBytes("the usable sectors end too late", "GPT-09", key => key.Header(48, -1, isBackup: true, width: 8)),
        InBytes("the primary entries are elsewhere", "GPT-10", key => key.Header(72, 3, width: 8)),
        InBytes("4 billion entries", "GPT-11", key => key.Header(80, uint.MaxValue)),
        InBytes("entries of 0 bytes", "GPT-11", key => key.Header(84, 0)),
        InBytes("an entry changed without its CRC", "GPT-12", key => key.Byte((2 * Sector) + 40, key.Bytes[(2 * Sector) + 40] ^ 1)),
        InBytes("a disk identifier of zero", "GPT-13", key =>
        {
            key.Bytes.AsSpan(Sector + 56, 16).Clear();
            key.Bytes.AsSpan(Length - Sector + 56, 16).Clear();
            key.Header(20, 0);
        }),
        InBytes("the headers have two disk identifiers", "GPT-13", key => key.Header(56, 0x1234567)),
        InBytes("the backup entries differ", "GPT-14", key => key.Byte(Length - (33 * Sector) + 60, 0x41).Header(20, 0)),
        InBytes("an entry not in use that is not zero", "PART-01", key => key.Entry(9, 20, 1)),
        InBytes("a gap in the entries", "PART-02", key => key.Entry(5, 0, key.ReadEntry(4, 0, 128)).Entry(4, 0, new byte[128])),
        InBytes("the banks lie in the wrong order", "PART-02", key => Swap(key, 2, 3, 32, 16)),
        InBytes("two partitions of one identifier", "PART-03", key => key.Entry(3, 16, key.ReadEntry(2, 16, 16))),
        InBytes("a partition without identifier", "PART-03", key => key.Entry(2, 16, new byte[16])),
        InBytes("a partition that ends before it begins", "PART-04", key => key.Entry(3, 40, BitConverter.GetBytes(1L))),
        InBytes("a partition that ends behind the image", "PART-04", key => key.Entry(4, 40, BitConverter.GetBytes(long.MaxValue))),
        InBytes("a partition in the table", "PART-04", key => key.Entry(1, 32, BitConverter.GetBytes(2L))),
        InBytes("two partitions overlap", "PART-05", key => key.Entry(2, 40, BitConverter.GetBytes((long)((BankB / Sector) + 2047)))),
        InBytes("a partition begins off the MiB", "PART-06", key => key.Entry(4, 32, BitConverter.GetBytes((long)((State / Sector) + 1)))),
        InBytes("a bank of another name", "PART-07", key => key.Entry(3, 56, (byte)'C')),
        InBytes("something behind the end of a name", "PART-08", key => key.Entry(2, 120, 0x41)),
        InBytes("a bank of another type", "PART-09", key =>
            key.Entry(2, 0, Guid.Parse("0fc63daf-8483-4772-8e79-3d69d8477de4").ToByteArray())),
        InBytes("a required attribute", "PART-10", key => key.Entry(1, 48, 1)),
        InBytes("a reserved attribute", "PART-10", key => key.Entry(1, 50, 1)),
        InBytes("no state", "PART-11", key => key.Entry(4, 0, new byte[128])),
        InBytes("a fifth partition", "PART-11", key => key.Entry(5, 0, [.. key.ReadEntry(4, 0, 16), .. Enumerable.Repeat((byte)7, 112)])),
        InBytes("banks of different lengths", "PART-12", key => key.Entry(3, 40, BitConverter.GetBytes((long)((State / Sector) - 2049)))),
        InBytes("something between the table and the first partition", "PART-13", key => key.Byte(40 * Sector, 1)),
        InBytes("something behind the last partition", "PART-13", key => key.Byte(Length - (40 * Sector), 1)),
    ];

    private static void Swap(KeyBytes key, int one, int other, int offset, int count)
    {
        byte[] kept = key.ReadEntry(one, offset, count);
        key.Entry(one, offset, key.ReadEntry(other, offset, count)).Entry(other, offset, kept);
    }
}
