using System;
using System.Buffers.Binary;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Fat;

/// <summary>Puts a long name together from the entries before its short name.</summary>
internal sealed class LongNameReader(Findings findings)
{
    private const int UnitsPerEntry = 13;
    private const int MostEntries = 20;
    private const byte Last = 0x40;

    private readonly ushort[] _units = new ushort[UnitsPerEntry * MostEntries];
    private int _count;
    private int _next;
    private byte _checksum;

    private static ReadOnlySpan<byte> Offsets => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>Takes an entry that is a piece of a long name.</summary>
    public void Add(ReadOnlySpan<byte> entry, Place place)
    {
        int ordinal = entry[0] & ~Last;
        if ((entry[0] & Last) != 0)
        {
            Abandon(place);
            _count = ordinal;
            _next = ordinal;
            _checksum = entry[13];
        }

        if (!findings.Require(ordinal is > 0 and <= MostEntries && ordinal == _next, FatRules.LongOrder, place,
            $"piece {entry[0]:X2} comes out of order"))
        {
            _count = 0;
            _next = 0;
            return;
        }

        findings.Require(entry[13] == _checksum, FatRules.LongChecksum, place, $"the pieces of one name have two");
        findings.Require(entry[12] == 0 && entry[26] == 0 && entry[27] == 0, FatRules.LongFields, place, $"they are not");
        for (int i = 0; i < UnitsPerEntry; i++)
        {
            _units[((ordinal - 1) * UnitsPerEntry) + i] = BinaryPrimitives.ReadUInt16LittleEndian(entry[Offsets[i]..]);
        }

        _next--;
    }

    /// <summary>Notes that no short name has followed.</summary>
    public void Abandon(Place place)
    {
        findings.Require(_count == 0, FatRules.LongOrphan, place, $"a long name before this is followed by none");
        _count = 0;
        _next = 0;
    }

    /// <summary>The long name that belongs to a short one; null when there is none.</summary>
    /// <param name="shortName">The short name's 11 bytes.</param>
    /// <param name="place">Where its entry is.</param>
    public string? Take(ReadOnlySpan<byte> shortName, Place place)
    {
        int count = _count;
        int missing = _next;
        _count = 0;
        _next = 0;
        if (count == 0)
        {
            return null;
        }

        if (!findings.Require(missing == 0, FatRules.LongOrder, place, $"{missing} of {count} pieces are missing"))
        {
            return null;
        }

        byte sum = 0;
        foreach (byte value in shortName)
        {
            sum = (byte)(byte.RotateRight(sum, 1) + value);
        }

        findings.Require(sum == _checksum, FatRules.LongChecksum, place, $"it is {_checksum:X2} and should be {sum:X2}");
        ReadOnlySpan<ushort> units = _units.AsSpan(0, count * UnitsPerEntry);
        int end = units.IndexOf((ushort)0);
        ReadOnlySpan<ushort> text = end < 0 ? units : units[..end];
        bool isWhole = (end < 0 || !units[(end + 1)..].ContainsAnyExcept((ushort)0xFFFF)) && text.Length > (count - 1) * UnitsPerEntry;
        string name = string.Create(text.Length, text, static (characters, source) =>
        {
            for (int i = 0; i < characters.Length; i++)
            {
                characters[i] = (char)source[i];
            }
        });
        findings.Require(isWhole && text.Length <= 255 && IsLegal(name), FatRules.LongText, place, $"'{name}'");
        return name;
    }

    private static bool IsLegal(string name)
    {
        bool isLegal = name.Length != 0 && name[^1] is not ('.' or ' ');
        foreach (char character in name)
        {
            isLegal &= character is >= ' ' and not '\x7F' && !"\"*/:<>?\\|".Contains(character, StringComparison.Ordinal);
        }

        return isLegal;
    }
}
