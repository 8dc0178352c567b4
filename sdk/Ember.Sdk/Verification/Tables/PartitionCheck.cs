using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Tables;

/// <summary>Checks what the entries of the partition table say, by themselves and as the partitions of a key.</summary>
internal static class PartitionCheck
{
    public const int Esp = 1;
    public const int BankA = 2;
    public const int BankB = 3;
    public const int State = 4;

    private const long ReservedSectors = 34;

    private static readonly (string Name, Guid Type)[] _layout =
    [
        ("EFI system partition", new Guid("c12a7328-f81f-11d2-ba4b-00a0c93ec93b")),
        ("BANK-A", new Guid("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")),
        ("BANK-B", new Guid("ebd0a0a2-b9e5-4433-87c0-68b6b72699c7")),
        ("STATE", new Guid("7f3c1d52-9a64-4e0b-b8a1-56e2c04d9b17")),
    ];

    /// <summary>Checks the partitions.</summary>
    /// <returns>Those that lie within the image.</returns>
    public static List<PartitionEntry> Run(IReadOnlyList<PartitionEntry> partitions, ImageBytes image, Findings findings)
    {
        findings.Require(partitions.Count == _layout.Length, TableRules.PartitionCount, new Place("GPT entries"),
            $"there are {partitions.Count}");
        HashSet<Guid> ids = [Guid.Empty];
        List<PartitionEntry> within = [];
        ulong lastUsable = (ulong)((image.Length / ImageBytes.SectorSize) - ReservedSectors);
        foreach (PartitionEntry partition in partitions)
        {
            Place place = PlaceOf(partition);
            findings.Require(ids.Add(partition.Id), TableRules.UniqueId, place, $"it has {partition.Id}");
            findings.Require(partition.Attributes == 0, TableRules.Attributes, place, $"its attributes are {partition.Attributes:X16}");
            CheckLayout(partition, place, findings);
            if (findings.Require(
                partition.FirstLba >= ReservedSectors && partition.FirstLba <= partition.LastLba && partition.LastLba <= lastUsable,
                TableRules.Bounds, place,
                    $"its sectors are {partition.FirstLba} to {partition.LastLba} of {ReservedSectors} to {lastUsable}"))
            {
                within.Add(partition);
                findings.Require(partition.Start % ImageBytes.MiB == 0 && partition.Length % ImageBytes.MiB == 0, TableRules.Alignment,
                    place.At(partition.Start), $"it begins in sector {partition.FirstLba} and has {partition.Length} bytes");
            }
        }

        CheckOrder(within, image, findings);
        long[] banks = [.. within.Where(partition => partition.Number is BankA or BankB).Select(partition => partition.Length).Distinct()];
        findings.Require(banks.Length < 2, TableRules.SameBanks, new Place("BANK-B"),
            $"the banks have {banks.FirstOrDefault()} and {banks.LastOrDefault()} bytes");
        return within;
    }

    /// <summary>Where a partition is.</summary>
    public static Place PlaceOf(PartitionEntry partition) =>
        new(partition.Name.Length == 0 ? $"partition {partition.Number}" : partition.Name);

    private static void CheckLayout(PartitionEntry partition, Place place, Findings findings)
    {
        if (partition.Number > _layout.Length)
        {
            return;
        }

        (string name, Guid type) = _layout[partition.Number - 1];
        findings.Require(partition.Name == name, TableRules.Name, place,
            $"partition {partition.Number} is named '{partition.Name}', not '{name}'");
        findings.Require(partition.Type == type, TableRules.Type, place,
            $"partition {partition.Number} has type {partition.Type}, not {type}");
    }

    private static void CheckOrder(List<PartitionEntry> partitions, ImageBytes image, Findings findings)
    {
        long end = ReservedSectors * ImageBytes.SectorSize;
        int number = 0;
        foreach (PartitionEntry partition in partitions.OrderBy(partition => partition.FirstLba))
        {
            Place place = PlaceOf(partition).At(partition.Start);
            findings.Require(partition.Start >= end, TableRules.Overlap, place, $"it begins in the partition before it");
            findings.Require(partition.Number > number, TableRules.EntryOrder, place,
                $"partition {partition.Number} lies behind partition {number}");
            CheckGap(partition.Start);
            end = Math.Max(end, partition.End);
            number = partition.Number;
        }

        CheckGap(image.Length - ((ReservedSectors - 1) * ImageBytes.SectorSize));

        void CheckGap(long next)
        {
            long? set = image.FirstSet(end, next);
            findings.Require(set is null, TableRules.Gaps, new Place("between the partitions", Offset: set), $"it is not");
        }
    }
}
