using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using CsCheck;
using Ember.Sdk.Gpt;

namespace Ember.Sdk.Tests.Gpt;

internal static class GptFixture
{
    public static readonly Guid DiskId = new("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0");

    /// <summary>A table with one EFI system partition of 1 MiB on the smallest disk that has room for it.</summary>
    public static GptTable Small { get; } = new(DiskId, 4096 + 33,
    [
        new GptPartition(
            GptPartitionType.EfiSystem, new Guid("11223344-5566-8788-99aa-bbccddeeff00"), 2048, 4095, "EFI system partition"),
    ]);

    /// <summary>Tables of any number of partitions of any place and name.</summary>
    public static Gen<GptTable> Tables { get; } =
        from starts in Gen.Int[1, 4000].Array[0, 128]
        from id in Gen.Guid
        from slack in Gen.Int[34, 5000]
        let distinct = starts.Distinct().Order().ToArray()
        from partitions in Gen.Select(
            Gen.Guid, Gen.Guid, Gen.String[Gen.Char[' ', '\uFFFF'], 0, 36], Gen.UShort).Array[distinct.Length]
        let ids = partitions.Select(partition => partition.Item2).Append(id).Append(Guid.Empty)
        where ids.Distinct().Count() == partitions.Length + 2
        select new GptTable(
            id,
            4002L * GptTable.AlignmentSectors + slack,
            [
                .. distinct.Zip(partitions, (start, partition) => new GptPartition(
                    partition.Item1, partition.Item2, start * 2048L, start * 2048L + 2047, partition.Item3,
                    (ulong)partition.Item4 << 48 | (uint)partition.Item4 & 7)),
            ]);

    /// <summary>The disk as bytes.</summary>
    public static MemoryStream Disk(GptTable table)
    {
        MemoryStream disk = new();
        Write(table, disk);
        return disk;
    }

    /// <summary>Writes a disk with nothing on it but its table; what lies between is a hole.</summary>
    public static void Write(GptTable table, Stream disk)
    {
        disk.Write(GptWriter.Primary(table));
        byte[] backup = GptWriter.Backup(table);
        disk.Position = table.SectorCount * GptTable.SectorSize - backup.Length;
        disk.Write(backup);
        disk.Flush();
    }

    public static void AssertSame(GptTable expected, GptTable actual)
    {
        Assert.Equal(expected.DiskId, actual.DiskId);
        Assert.Equal(expected.SectorCount, actual.SectorCount);
        Assert.Equal<IEnumerable<GptPartition>>(expected.Partitions, actual.Partitions);
    }
}
