using System;
using System.Collections.Generic;
using static Ember.Sdk.Tests.Verification.KeyBytes;
using static Ember.Sdk.Tests.Verification.PlantedDefect;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Defects of boot sectors, FSInfo and FATs.</summary>
internal static class FatDefects
{
    private const string Core = "CORE    EFI";
    private const string Kernel = "VMLINUZ    ";

    public static IEnumerable<PlantedDefect> All =>
    [
        InBytes("no 55 AA in the boot sector", "FAT-01", key => key.Word(BankA + 510, 0)),
        InBytes("no jump in the boot sector", "FAT-02", key => key.Byte(BankA, 0)),
        InBytes("a bank that is no volume", "FAT-02", key => key.Bytes.AsSpan(BankA, 1 << 20).Clear()),
        InBytes("a jump into the fields", "FAT-02", key => key.Byte(BankA + 1, 4)),
        InBytes("another OEM name", "FAT-03", key => key.Byte(BankA + 3, (byte)'m')),
        InBytes("sectors of 4096 bytes", "FAT-04", key => key.Word(BankA + 11, 4096)),
        InBytes("sectors of 0 bytes", "FAT-04", key => key.Word(BankA + 11, 0)),
        InBytes("3 sectors in a cluster", "FAT-05", key => key.Byte(BankA + 13, 3)),
        InBytes("0 sectors in a cluster", "FAT-05", key => key.Byte(BankA + 13, 0)),
        InBytes("no reserved sector", "FAT-06", key => key.Word(BankA + 14, 0)),
        InBytes("no room for the backup boot sector", "FAT-06", key => key.Boot32(14, 2, 0)),
        InBytes("one FAT", "FAT-07", key => key.Byte(BankA + 16, 1)),
        InBytes("a root folder of half a sector", "FAT-08", key => key.Word(BankA + 17, 8)),
        InBytes("FAT32 with a root folder before its clusters", "FAT-08", key => key.Boot32(17, 16)),
        InBytes("sectors counted twice", "FAT-09", key => key.Long(BankA + 32, 8192)),
        InBytes("FAT32 with the short count of sectors", "FAT-09", key => key.Boot32(19, 1)),
        InBytes("a volume longer than its partition", "FAT-10", key => key.Word(BankA + 19, 9000)),
        InBytes("the media byte of a floppy disk", "FAT-11", key => key.Byte(BankA + 21, 0xF0)),
        InBytes("FATs too short for the clusters", "FAT-12", key => key.Word(BankA + 22, 4)),
        InBytes("FATs longer than the volume", "FAT-12", key => key.Word(BankA + 22, 60_000)),
        InBytes("FAT32 with FATs of 2 TiB", "FAT-12", key => key.Boot32(36, 0xFF, 0xFF, 0xFF, 0xFF)),
        InBytes("hidden sectors of another partition", "FAT-13", key => key.Long(BankA + 28, 63)),
        InBytes("no extended signature", "FAT-14", key => key.Byte(BankA + 38, 0)),
        InBytes("a volume that says FAT12", "FAT-15", key => key.Byte(BankA + 54 + 4, (byte)'2')),
        InBytes("FAT32 with the clusters of FAT16", "FAT-16", key => key.Boot32(13, 2)),
        InBytes("a number of clusters next to a limit", "FAT-17", key =>
            key.Boot32(32, BitConverter.GetBytes((uint)(EspGeometry.SectorCount - EspGeometry.ClusterCount + 65_530)))),
        InBytes("one FAT of FAT32 in use", "FAT-18", key => key.Boot32(40, 0x80)),
        InBytes("FAT32 of version 1.0", "FAT-18", key => key.Boot32(43, 1)),
        InBytes("a root folder in cluster 0", "FAT-19", key => key.Boot32(44, 0)),
        InBytes("FSInfo in another sector", "FAT-20", key => key.Boot32(48, 2)),
        InBytes("reserved bytes of the boot sector set", "FAT-21", key => key.Boot32(52, 1)),
        InBytes("no lead signature in FSInfo", "FAT-22", key => key.Byte(Esp + Sector, 0)),
        InBytes("no trail signature in FSInfo", "FAT-22", key => key.Byte(Esp + Sector + 511, 0)),
        InBytes("reserved bytes of FSInfo set", "FAT-23", key => key.Byte(Esp + Sector + 100, 1)),
        InBytes("FSInfo counts one free cluster more", "FAT-24", key => key.Byte(Esp + Sector + 488, key.Bytes[Esp + Sector + 488] + 1)),
        InBytes("FSInfo does not know the free clusters", "FAT-24", key => key.Long(Esp + Sector + 488, uint.MaxValue)),
        InBytes("FSInfo names a cluster that is none", "FAT-25", key => key.Long(Esp + Sector + 492, 1_000_000)),
        InBytes("FSInfo names a cluster in use", "FAT-25", key => key.Long(Esp + Sector + 492, 3)),
        InBytes("the backup boot sector has another serial number", "FAT-26", key =>
            key.Byte(Esp + (6 * Sector) + 67, key.Bytes[Esp + 67] ^ 1)),
        InBytes("no backup boot sector", "FAT-26", key => key.Bytes.AsSpan(Esp + (6 * Sector), Sector).Clear()),
        InBytes("no backup of FSInfo", "FAT-27", key => key.Bytes.AsSpan(Esp + (7 * Sector), Sector).Clear()),
        InBytes("something in a reserved sector", "FAT-28", key => key.Byte(Esp + (9 * Sector), 1)),
        InBytes("boot code", "FAT-28", key => key.Byte(BankA + 100, 0xF4)),
        InBytes("the FAT has another media byte", "FAT-29", key => key.Fat16(0, 0xFFF0)),
        InBytes("entry 1 of the FAT is a cluster", "FAT-30", key => key.Fat16(1, 0xC005)),
        InBytes("FAT16 left open", "FAT-31", key => key.Fat16(1, 0x7FFF)),
        InBytes("FAT16 with read errors", "FAT-31", key => key.Fat16(1, 0xBFFF)),
        InBytes("FAT32 left open", "FAT-31", key => key.Fat32(1, 0x07FF_FFFF)),
        InBytes("the second FAT differs", "FAT-32", key => key.Word(Fat16At(1, key.Cluster(Kernel)), EndOfChain16)),
        InBytes("the second FAT32 differs in its last sector", "FAT-32", key => key.Long(Fat32At(1, 65_600), 1)),
        InBytes("an entry behind the last cluster", "FAT-33", key => key.Fat16((int)BankGeometry.ClusterCount + 2, 1)),
        InBytes("upper bits of an entry of FAT32", "FAT-34", key => key.Fat32(10_000, 0xF000_0000)),
        InBytes("a chain that leaves the volume", "FAT-35", key => key.Fat16(key.Cluster(Kernel), 0xFFF0)),
        InBytes("a chain that leads to cluster 1", "FAT-35", key => key.Fat16(key.Cluster(Kernel), 1)),
        InBytes("a file that begins in a cluster that is none", "FAT-35", key => key.Word(key.Find(BankA, Kernel) + 26, 60_000)),
        InBytes("a chain without an end", "FAT-36", key => key.Fat16(key.Cluster(Kernel) + 1, key.Cluster(Kernel))),
        InBytes("a cluster that leads to itself", "FAT-36", key => key.Fat16(key.Cluster(Kernel), key.Cluster(Kernel))),
        InBytes("two chains that meet", "FAT-37", key => key.Fat16(key.Cluster(Core), key.Cluster(Kernel) + 1)),
        InBytes("two files in one cluster", "FAT-37", key => key.Word(key.Find(BankA, Kernel) + 26, key.Cluster(Core))),
        InBytes("a free cluster in a chain", "FAT-38", key => key.Fat16(key.Cluster(Kernel) + 1, 0)),
        InBytes("a bad cluster in a chain", "FAT-39", key => key.Fat16(key.Cluster(Kernel), 0xFFF7)),
        InBytes("clusters that belong to nothing", "FAT-40", key => key.Fat16(3000, 3001).Fat16(3001, EndOfChain16)),
        InBytes("a cluster of FAT32 that belongs to nothing", "FAT-40", key => key.Fat32(30_000, 0x0FFF_FFFF)),
        InBytes("a bad cluster", "FAT-41", key => key.Fat16(3500, 0xFFF7)),
        InBytes("a chain too short", "FAT-42", key => key.Fat16(key.Cluster(Kernel), EndOfChain16)),
        InBytes("a length of 4 GiB", "FAT-42", key => key.Long(key.Find(BankA, Kernel) + 28, uint.MaxValue)),
        InBytes("a file without a cluster", "FAT-42", key => key.Word(key.Find(BankA, Kernel) + 26, 0)),
        InBytes("a chain too long", "FAT-43", key => key.Long(key.Find(BankA, Kernel) + 28, 10)),
        InBytes("an empty file with a cluster", "FAT-44", key => key.Long(key.Find(BankA, Kernel) + 28, 0)),
        InBytes("two volumes of one serial number", "FAT-45", key => key.Bytes.AsSpan(BankA + 39, 4).CopyTo(key.Bytes.AsSpan(BankB + 39))),
        InBytes("a serial number of zero", "FAT-45", key => key.Long(BankA + 39, 0)),
    ];
}
