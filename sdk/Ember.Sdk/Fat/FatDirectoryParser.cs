using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Fat;

/// <summary>Reads the entries of one folder, long names and all.</summary>
/// <param name="directory">The folder's path; empty for the root.</param>
internal sealed class FatDirectoryParser(string directory)
{
    private const byte Deleted = 0xE5;
    private const byte LowerCaseBase = 0x08;
    private const byte LowerCaseExtension = 0x10;
    private const int MostLongNameEntries = 20;

    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _shortNames = new(StringComparer.Ordinal);
    private readonly List<FatEntry> _entries = [];

    /// <summary>The volume label, if an entry holds one.</summary>
    public string? Label { get; private set; }

    /// <summary>Where the entry "." leads, if there is one.</summary>
    public uint? Self { get; private set; }

    /// <summary>Where the entry ".." leads, if there is one.</summary>
    public uint? Parent { get; private set; }

    private string Where => directory.Length == 0 ? "root folder" : $"'{directory}/'";

    /// <summary>Reads all entries.</summary>
    /// <param name="clusters">The bytes of all of the folder's clusters.</param>
    /// <exception cref="ImageException">An entry is damaged.</exception>
    public IReadOnlyList<FatEntry> Parse(ReadOnlySpan<byte> clusters)
    {
        while (!clusters.IsEmpty && clusters[0] != 0)
        {
            int longNameEntries = IsLongName(clusters) ? clusters[0] & ~LongName.LastEntry : 0;
            int length = (longNameEntries + 1) * FatNode.EntrySize;
            Require(longNameEntries <= MostLongNameEntries && length <= clusters.Length, "a long name has too many entries");
            ReadOnlySpan<byte> shortEntry = clusters[(length - FatNode.EntrySize)..length];
            Require(shortEntry[0] is not (0 or Deleted) && !IsLongName(shortEntry), "a long name has no file, or was deleted");
            string? longName = longNameEntries == 0 ? null : ParseLongName(clusters[..(length - FatNode.EntrySize)], shortEntry);
            ParseShortName(shortEntry, longName);
            clusters = clusters[length..];
        }

        Require(!clusters.ContainsAnyExcept((byte)0), "there is something after its last entry");
        return _entries;
    }

    private static bool IsLongName(ReadOnlySpan<byte> entry) => (FatAttributes)entry[11] == FatAttributes.LongName;

    private string ParseLongName(ReadOnlySpan<byte> entries, ReadOnlySpan<byte> shortEntry)
    {
        int count = entries.Length / FatNode.EntrySize;
        byte checksum = ShortName.Checksum(shortEntry);
        char[] name = new char[count * LongName.UnitsPerEntry];
        for (int ordinal = count; ordinal >= 1; ordinal--)
        {
            ReadOnlySpan<byte> entry = entries.Slice((count - ordinal) * FatNode.EntrySize, FatNode.EntrySize);
            Require(IsLongName(entry) && entry[0] == (ordinal == count ? ordinal | LongName.LastEntry : ordinal),
                "the entries of a long name are mixed up");
            Require(entry[12] == 0 && entry[26] == 0 && entry[27] == 0, "a long name has reserved bits set");
            Require(entry[13] == checksum, "a long name does not belong to the short name after it");
            for (int i = 0; i < LongName.UnitsPerEntry; i++)
            {
                name[(ordinal - 1) * LongName.UnitsPerEntry + i] =
                    (char)BinaryPrimitives.ReadUInt16LittleEndian(entry[LongName.UnitOffsets[i]..]);
            }
        }

        int end = Array.IndexOf(name, '\0');
        int used = end < 0 ? name.Length : end;
        Require(LongName.EntryCount(used) == count && used <= LongName.MaximumLength, "a long name has entries to spare");
        Require(end < 0 || !name.AsSpan(end + 1).ContainsAnyExcept('\uFFFF'), "a long name goes on after its end");
        Require(name.Take(used).All(LongName.IsAllowed), "a long name has a character that is not allowed");
        return new string(name, 0, used);
    }

    private void ParseShortName(ReadOnlySpan<byte> entry, string? longName)
    {
        string padded = Encoding.Latin1.GetString(entry[..ShortName.Length]);
        FatAttributes attributes = (FatAttributes)entry[11];
        uint firstCluster = (uint)BinaryPrimitives.ReadUInt16LittleEndian(entry[20..]) << 16
            | BinaryPrimitives.ReadUInt16LittleEndian(entry[26..]);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(entry[28..]);
        Require(((byte)attributes & 0xC0) == 0, $"'{padded}' has reserved attributes");
        if (attributes.HasFlag(FatAttributes.VolumeLabel))
        {
            Require(directory.Length == 0 && Label is null && longName is null, "there is a volume label where none may be");
            Require(firstCluster == 0 && length == 0, "the volume label has content");
            Label = padded.TrimEnd(' ');
            return;
        }

        bool isDirectory = attributes.HasFlag(FatAttributes.Directory);
        Require(!isDirectory || length == 0, $"folder '{padded}' has a length");
        if (padded == ShortName.Self.Padded || padded == ShortName.Parent.Padded)
        {
            Require(isDirectory && directory.Length != 0 && longName is null, "'.' or '..' where none may be");
            if (padded == ShortName.Self.Padded)
            {
                Require(Self is null && Parent is null && _entries.Count == 0, "'.' is not the first entry");
                Self = firstCluster;
            }
            else
            {
                Require(Self is not null && Parent is null && _entries.Count == 0, "'..' is not the second entry");
                Parent = firstCluster;
            }

            return;
        }

        Require(isDirectory ? firstCluster != 0 : (length == 0) == (firstCluster == 0),
            $"'{padded}' has a length and no clusters, or clusters and no length");
        string shortName = Join(padded, lowerCase: 0);
        string name = longName ?? Join(padded, entry[12]);
        Require(_shortNames.Add(shortName), $"short name '{shortName}' occurs twice");
        Require(_names.Add(name), $"'{name}' occurs twice");
        _entries.Add(new FatEntry(
            directory.Length == 0 ? name : $"{directory}/{name}", shortName, isDirectory, length, firstCluster,
            new FatTimestamp(
                Date: BinaryPrimitives.ReadUInt16LittleEndian(entry[24..]),
                Time: BinaryPrimitives.ReadUInt16LittleEndian(entry[22..]),
                CreationTenths: entry[13])));
    }

    private string Join(string padded, byte lowerCase)
    {
        string baseName = padded[..ShortName.BaseLength].TrimEnd(' ');
        string extension = padded[ShortName.BaseLength..].TrimEnd(' ');
        foreach (char character in baseName + extension)
        {
            Require(ShortName.IsAllowed(character), $"short name '{padded}' has a character that is not allowed");
        }

        Require(baseName.Length > 0, $"short name '{padded}' is empty");
        baseName = (lowerCase & LowerCaseBase) == 0 ? baseName : baseName.ToLowerInvariant();
        extension = (lowerCase & LowerCaseExtension) == 0 ? extension : extension.ToLowerInvariant();
        return extension.Length == 0 ? baseName : $"{baseName}.{extension}";
    }

    private void Require(bool holds, string what) => FatReader.Require(holds, Where, what);
}
