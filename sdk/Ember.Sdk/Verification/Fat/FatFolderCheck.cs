using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Fat;

/// <summary>Checks every folder of a volume, and finds its files.</summary>
internal sealed class FatFolderCheck(FatVolume volume, FatTableCheck table, ImageBytes image, Findings findings)
{
    private const int MostFolderEntries = 65_536;
    private const int MostFiles = 100_000;
    private const int MostLevels = 32;
    private const int NameLength = 11;
    private const byte End = 0x00;
    private const byte Deleted = 0xE5;

    // What stands for a name that begins with E5.
    private const byte Kanji = 0x05;
    private const byte LongName = 0x0F;
    private const byte VolumeLabel = 0x08;
    private const byte FolderAttribute = 0x10;

    private readonly List<FatFile> _files = [];
    private readonly Queue<Folder> _queue = new();
    private readonly List<string> _labels = [];

    /// <summary>Checks the root folder and all below it.</summary>
    /// <returns>Every file and folder.</returns>
    public IReadOnlyList<FatFile> Run()
    {
        Folder root = new("", 0, 0, 0, volume.Bits == 32 ? table.Claim(volume.RootCluster, volume.Place.Of("/")) : []);
        CheckFolder(root, volume.Bits == 32 ? Stretches(root) : [(volume.RootOffset, volume.RootEntries * FatVolume.EntrySize)]);
        string labels = string.Join(", ", _labels.Select(label => $"'{label}'"));
        findings.Require(_labels.Count == 1 && _labels[0] == volume.Label, FatRules.Label, volume.Place,
            $"it has {_labels.Count} ({labels}), and the boot sector '{volume.Label}'");
        while (_queue.TryDequeue(out Folder? folder))
        {
            CheckFolder(folder, Stretches(folder));
        }

        return _files;
    }

    private (long Offset, int Length)[] Stretches(Folder folder) =>
    [
        .. folder.Clusters.SelectMany(run => Enumerable.Range(0, (int)Math.Min(run.Count, MostFolderEntries)).Select(index =>
            (volume.ClusterOffset(run.First + (uint)index), volume.ClusterSize)))
            .Take((MostFolderEntries * FatVolume.EntrySize / volume.ClusterSize) + 1),
    ];

    private void CheckFolder(Folder folder, (long Offset, int Length)[] stretches)
    {
        Place place = volume.Place.Of(folder.Path.Length == 0 ? "/" : folder.Path);
        findings.Require(stretches.Sum(stretch => (long)stretch.Length) <= MostFolderEntries * FatVolume.EntrySize, FatRules.FolderSize,
            place, $"it has more");
        Names names = new(new LongNameReader(findings), [], new HashSet<string>(StringComparer.OrdinalIgnoreCase));
        int index = 0;
        bool hasEnded = false;
        foreach ((long offset, int length) in stretches)
        {
            byte[] bytes = image.Read(offset, length);
            for (int at = 0; at < length; at += FatVolume.EntrySize, index++)
            {
                ReadOnlySpan<byte> entry = bytes.AsSpan(at, FatVolume.EntrySize);
                Place where = place.At(offset + at);
                if (hasEnded || entry[0] == End)
                {
                    hasEnded = true;
                    findings.Require(!entry.ContainsAnyExcept((byte)0), FatRules.BehindEnd, where, $"entry {index} is not");
                }
                else
                {
                    CheckEntry(folder, index, entry, where, names);
                }
            }
        }

        names.Long.Abandon(place);
        findings.Require(folder.Level == 0 || index == 0 || names.Dots == 2, FatRules.Self, place,
            $"'.' and '..' are not its first entries");
    }

    private void CheckEntry(Folder folder, int index, ReadOnlySpan<byte> entry, Place place, Names names)
    {
        byte attributes = entry[11];
        if (entry[0] == Deleted)
        {
            names.Long.Abandon(place);
            findings.Add(FatRules.Deleted, place, FormattableString.Invariant($"entry {index} is"));
            return;
        }

        if ((attributes & 0x3F) == LongName)
        {
            findings.Require(attributes == LongName, FatRules.Attributes, place, $"they are {attributes:X2}");
            names.Long.Add(entry, place);
            return;
        }

        ReadOnlySpan<byte> shortName = entry[..NameLength];
        string? longName = names.Long.Take(shortName, place);
        string name = longName ?? Display(shortName);
        Place named = place.Of(folder.Path.Length == 0 ? name : $"{folder.Path}/{name}");
        CheckTimes(entry, named);
        findings.Require((entry[12] & ~0x18) == 0, FatRules.CaseByte, named, $"it is {entry[12]:X2}");
        findings.Require(
            (attributes & 0xC0) == 0 && (attributes & (VolumeLabel | FolderAttribute)) != (VolumeLabel | FolderAttribute),
                FatRules.Attributes, named,
            $"they are {attributes:X2}");
        uint cluster = BinaryPrimitives.ReadUInt16LittleEndian(entry[26..]);
        cluster |= volume.Bits == 32 ? (uint)BinaryPrimitives.ReadUInt16LittleEndian(entry[20..]) << 16 : 0;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]);
        if ((attributes & VolumeLabel) != 0)
        {
            findings.Require(folder.Level == 0 && cluster == 0 && length == 0, FatRules.LabelPlace, named, $"it is not");
            if (folder.Level == 0 && _labels.Count < MostLevels)
            {
                _labels.Add(ImageText.Of(shortName));
            }

            return;
        }

        if (shortName[0] == '.')
        {
            CheckDots(folder, index, shortName, attributes, cluster, named, names);
            return;
        }

        findings.Require(IsShortName(shortName), FatRules.ShortName, named, $"it is '{ImageText.Of(shortName)}'");
        findings.Require(names.Short.Add(ImageText.Of(shortName)), FatRules.ShortTaken, named, $"'{ImageText.Of(shortName)}' is taken");
        findings.Require(names.Any.Add(name), FatRules.LongTaken, named, $"'{name}' is taken");
        if (findings.Require(_files.Count < MostFiles && folder.Level < MostLevels, FatRules.Readable, named, $"there are more"))
        {
            AddFile(folder, named, (attributes & FolderAttribute) != 0, cluster, length);
        }
    }

    private void AddFile(Folder folder, Place place, bool isFolder, uint cluster, uint length)
    {
        IReadOnlyList<ClusterRun> clusters = cluster == 0 ? [] : table.Claim(cluster, place);
        long count = clusters.Sum(run => (long)run.Count);
        if (isFolder)
        {
            findings.Require(length == 0 && cluster != 0, FatRules.FolderLength, place, $"length {length}, first cluster {cluster}");
            _queue.Enqueue(new Folder(place.Path!, folder.Level + 1, cluster, folder.Cluster, clusters));
        }
        else
        {
            long needed = (length + volume.ClusterSize - 1L) / volume.ClusterSize;
            findings.Require(length != 0 || cluster == 0, FatRules.EmptyFile, place, $"it begins in cluster {cluster}");
            findings.Require(count >= needed, FatRules.ChainShort, place, $"{length} bytes take {needed}, and it has {count}");
            findings.Require(count <= needed || length == 0, FatRules.ChainLong, place,
                $"{length} bytes take {needed}, and it has {count}");
        }

        _files.Add(new FatFile(volume, place.Path!, isFolder, isFolder ? 0 : length, clusters));
    }

    private void CheckDots(
        Folder folder, int index, ReadOnlySpan<byte> shortName, byte attributes, uint cluster, Place place, Names names)
    {
        bool isSelf = shortName.SequenceEqual(".          "u8);
        bool isParent = shortName.SequenceEqual("..         "u8);
        if (!isSelf && !isParent)
        {
            findings.Add(FatRules.ShortName, place, $"it is '{ImageText.Of(shortName)}'");
            return;
        }

        bool isHere = folder.Level != 0 && index == (isSelf ? 0 : 1) && (attributes & FolderAttribute) != 0;
        names.Dots += isHere ? 1 : 0;
        uint expected = isSelf ? folder.Cluster : folder.ParentCluster;
        findings.Require(isHere && cluster == expected, isSelf ? FatRules.Self : FatRules.Parent, place,
            $"it is entry {index}, and leads to cluster {cluster} in place of {expected}");
    }

    private void CheckTimes(ReadOnlySpan<byte> entry, Place place)
    {
        ushort created = BinaryPrimitives.ReadUInt16LittleEndian(entry[14..]);
        ushort modified = BinaryPrimitives.ReadUInt16LittleEndian(entry[22..]);
        ushort createdOn = BinaryPrimitives.ReadUInt16LittleEndian(entry[16..]);
        ushort accessedOn = BinaryPrimitives.ReadUInt16LittleEndian(entry[18..]);
        ushort modifiedOn = BinaryPrimitives.ReadUInt16LittleEndian(entry[24..]);

        // Creation and access are optional: zero says nothing.
        bool isLegal = entry[13] <= 199 && IsTime(created) && IsTime(modified) && IsDate(modifiedOn)
            && (createdOn == 0 || IsDate(createdOn)) && (accessedOn == 0 || IsDate(accessedOn));
        findings.Require(isLegal, FatRules.Times, place,
            $"they are {created:X4} {createdOn:X4} {accessedOn:X4} {modified:X4} {modifiedOn:X4}, {entry[13]}");

        static bool IsTime(int time) => (time & 31) < 30 && (time >> 5 & 63) < 60 && time >> 11 < 24;

        static bool IsDate(int date) =>
            (date >> 5 & 15) is >= 1 and <= 12 && (date & 31) >= 1
                && (date & 31) <= DateTime.DaysInMonth(1980 + (date >> 9), date >> 5 & 15);
    }

    private static bool IsShortName(ReadOnlySpan<byte> name)
    {
        bool isLegal = name[0] != ' ' && !name[..8].TrimEnd((byte)' ').Contains((byte)' ')
            && !name[8..].TrimEnd((byte)' ').Contains((byte)' ');
        for (int i = 0; i < name.Length; i++)
        {
            char character = (char)name[i];
            isLegal &= character is ' ' or > '\x7F' || char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character)
                || "$%'-_@~`!(){}^#&".Contains(character, StringComparison.Ordinal) || (i == 0 && name[i] == Kanji);
        }

        return isLegal;
    }

    private static string Display(ReadOnlySpan<byte> name)
    {
        string start = ImageText.Of(name[..8]).TrimEnd(' ');
        string extension = ImageText.Of(name[8..]).TrimEnd(' ');
        return extension.Length == 0 ? start : $"{start}.{extension}";
    }

    /// <summary>A folder that is to be checked.</summary>
    private sealed record Folder(string Path, int Level, uint Cluster, uint ParentCluster, IReadOnlyList<ClusterRun> Clusters);

    /// <summary>What has been seen in a folder.</summary>
    private sealed record Names(LongNameReader Long, HashSet<string> Short, HashSet<string> Any)
    {
        public int Dots { get; set; }
    }
}
