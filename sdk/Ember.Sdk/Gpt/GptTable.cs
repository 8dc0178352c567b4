using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Gpt;

/// <summary>A GUID partition table over sectors of 512 bytes (UEFI 2.10 §5.3).</summary>
/// <param name="DiskId">Identifier of the disk.</param>
/// <param name="SectorCount">Length of the whole disk in sectors.</param>
/// <param name="Partitions">At most <see cref="EntryCount"/>, in the order of their entries.</param>
public sealed record GptTable(Guid DiskId, long SectorCount, IReadOnlyList<GptPartition> Partitions)
{
    /// <summary>Bytes in a sector.</summary>
    public const int SectorSize = 512;

    /// <summary>Entries in the partition entry array.</summary>
    public const int EntryCount = 128;

    /// <summary>Bytes of one entry.</summary>
    public const int EntrySize = 128;

    /// <summary>Sectors that the partition entry array takes.</summary>
    public const int EntrySectors = EntryCount * EntrySize / SectorSize;

    /// <summary>Longest partition name, in UTF-16 units.</summary>
    public const int MaximumNameLength = 36;

    /// <summary>
    /// Every partition starts on a multiple of this many sectors: 1 MiB, a whole number of any flash's erase blocks.
    /// </summary>
    public const int AlignmentSectors = 2048;

    /// <summary>First sector that a partition may use: after the MBR, the header and the entries.</summary>
    public const long FirstUsableLba = 2 + EntrySectors;

    /// <summary>The fewest sectors that hold both copies of the table and one sector between.</summary>
    public const long MinimumSectorCount = FirstUsableLba + 1 + EntrySectors + 1;

    private const ulong ReservedAttributes = 0x0000_FFFF_FFFF_FFF8;

    /// <summary>Last sector that a partition may use: before the backup entries and header.</summary>
    public long LastUsableLba => SectorCount - EntrySectors - 2;

    /// <summary>Checks every rule that does not depend on how the table is stored.</summary>
    /// <exception cref="ImageException">A rule is broken; of <paramref name="kind"/>.</exception>
    internal void Check(ErrorKind kind)
    {
        Require(SectorCount >= MinimumSectorCount, "partition table", $"a disk of {SectorCount} sectors is too small for it",
            $"make it at least {MinimumSectorCount} sectors");
        Require(DiskId != Guid.Empty, "partition table", "the disk identifier is zero", "give it one");
        Require(Partitions.Count <= EntryCount, "partition table", $"{Partitions.Count} partitions",
            $"it holds {EntryCount} at most");
        foreach (GptPartition partition in Partitions)
        {
            CheckPartition(partition);
        }

        GptPartition[] inOrder = [.. Partitions.OrderBy(partition => partition.FirstLba)];
        for (int i = 1; i < inOrder.Length; i++)
        {
            Require(inOrder[i - 1].LastLba < inOrder[i].FirstLba, Where(inOrder[i]),
                $"overlaps partition '{inOrder[i - 1].Name}'", "move one of them");
        }

        Require(Partitions.Select(partition => partition.Id).Distinct().Count() == Partitions.Count, "partition table",
            "two partitions have the same identifier", "give each its own");

        void CheckPartition(GptPartition partition)
        {
            string where = Where(partition);
            Require(partition.Type != GptPartitionType.Unused, where, "its type is zero", "give it one");
            Require(partition.Id != Guid.Empty, where, "its identifier is zero", "give it one");
            Require(partition.FirstLba <= partition.LastLba, where,
                $"its first sector {partition.FirstLba} is after its last, {partition.LastLba}", "exchange them");
            Require(partition.FirstLba >= FirstUsableLba && partition.LastLba <= LastUsableLba, where,
                $"sectors {partition.FirstLba} to {partition.LastLba} leave the usable {FirstUsableLba} to {LastUsableLba}",
                "move or shrink it");
            Require(partition.FirstLba % AlignmentSectors == 0, where, $"first sector {partition.FirstLba} is not aligned",
                $"start it on a multiple of {AlignmentSectors} sectors");
            Require(partition.Name.Length <= MaximumNameLength && !partition.Name.Contains('\0', StringComparison.Ordinal), where,
                "its name is longer than the table holds, or contains NUL",
                $"use {MaximumNameLength} characters at most, none of them NUL");
            Require((partition.Attributes & ReservedAttributes) == 0, where,
                $"attributes 0x{partition.Attributes:X16} set reserved bits", "use bits 0 to 2 and 48 to 63 only");
        }

        void Require(bool holds, string where, string what, string remedy)
        {
            if (!holds)
            {
                throw new ImageException(kind, where, what, remedy);
            }
        }
    }

    private static string Where(GptPartition partition) => $"partition '{partition.Name}'";
}
