using System;
using System.Buffers.Binary;
using System.Linq;

namespace Ember.Sdk.Fat;

/// <summary>The long name of a file or folder, and the directory entries that hold it in pieces of 13 UTF-16 units.</summary>
internal static class LongName
{
    public const int MaximumLength = 255;
    public const int UnitsPerEntry = 13;
    public const byte LastEntry = 0x40;

    private static string[] DeviceNames { get; } =
    [
        "CON", "PRN", "AUX", "NUL",
        .. Enumerable.Range(1, 9).SelectMany(number => new[] { $"COM{number}", $"LPT{number}" }),
    ];

    /// <summary>Where the 13 units lie in an entry (LDIR_Name1, LDIR_Name2, LDIR_Name3).</summary>
    public static ReadOnlySpan<byte> UnitOffsets => [1, 3, 5, 7, 9, 14, 16, 18, 20, 22, 24, 28, 30];

    /// <summary>How many entries a name of this length takes.</summary>
    public static int EntryCount(int length) => (length + UnitsPerEntry - 1) / UnitsPerEntry;

    /// <summary>Whether a long name may contain the character.</summary>
    public static bool IsAllowed(char character) =>
        character is >= ' ' and not '\x7F' && !"\"*/:<>?\\|".Contains(character, StringComparison.Ordinal);

    /// <summary>Checks that every system can open a file of this name.</summary>
    /// <param name="name">One part of a path.</param>
    /// <param name="path">The whole path, for the message.</param>
    /// <exception cref="ImageException">Some system cannot.</exception>
    public static void Check(string name, string path)
    {
        if (name.Length == 0)
        {
            throw Bad("an empty name", "write the path as folders and name with one '/' between, none first or last");
        }

        if (name.Length > MaximumLength)
        {
            throw Bad($"the name is {name.Length} characters long, and FAT holds {MaximumLength}", "shorten it");
        }

        foreach (char character in name)
        {
            if (!IsAllowed(character))
            {
                throw Bad($"the name contains {Show(character)}, which FAT does not allow", "rename it");
            }
        }

        if (name.EnumerateRunes().Any(rune => rune == System.Text.Rune.ReplacementChar))
        {
            throw Bad("the name contains U+FFFD or half a surrogate pair", "rename it");
        }

        if (name[^1] is '.' or ' ')
        {
            throw Bad("the name ends in a dot or a space, which Windows drops", "rename it");
        }

        string beforeDot = name.Split('.')[0].TrimEnd(' ');
        if (DeviceNames.Contains(beforeDot, StringComparer.OrdinalIgnoreCase))
        {
            throw Bad($"'{beforeDot}' is a device to DOS and Windows, not a file", "rename it");
        }

        ImageException Bad(string what, string remedy) => new(ErrorKind.Input, $"'{path}'", what, remedy);
    }

    /// <summary>Writes one of the entries of a name.</summary>
    /// <param name="entry">32 zeroed bytes.</param>
    /// <param name="name">The whole name.</param>
    /// <param name="ordinal">1 for the piece the name begins with.</param>
    /// <param name="checksum">Of the short name.</param>
    public static void Encode(Span<byte> entry, string name, int ordinal, byte checksum)
    {
        entry[0] = (byte)(ordinal == EntryCount(name.Length) ? ordinal | LastEntry : ordinal);
        entry[11] = (byte)FatAttributes.LongName;
        entry[13] = checksum;
        for (int i = 0; i < UnitsPerEntry; i++)
        {
            int index = (ordinal - 1) * UnitsPerEntry + i;
            ushort unit = index < name.Length ? name[index] : index == name.Length ? (ushort)0 : (ushort)0xFFFF;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[UnitOffsets[i]..], unit);
        }
    }

    private static string Show(char character) =>
        character is < ' ' or '\x7F' ? $"the control character 0x{(int)character:X2}" : $"'{character}'";
}
