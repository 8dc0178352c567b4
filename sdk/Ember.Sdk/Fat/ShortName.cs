using System;
using System.Globalization;

namespace Ember.Sdk.Fat;

/// <summary>The eight-and-three name that every directory entry has, as 11 bytes filled up with spaces (DIR_Name).</summary>
internal readonly record struct ShortName
{
    public const int BaseLength = 8;
    public const int ExtensionLength = 3;
    public const int Length = BaseLength + ExtensionLength;

    private readonly string _padded;

    private ShortName(string padded) => _padded = padded;

    /// <summary>The current directory's name for itself.</summary>
    public static ShortName Self => new(".".PadRight(Length));

    /// <summary>The current directory's name for the one above.</summary>
    public static ShortName Parent => new("..".PadRight(Length));

    /// <summary>The 11 characters, all of them ASCII.</summary>
    public string Padded => _padded;

    /// <summary>A name from its two parts.</summary>
    public static ShortName From(ReadOnlySpan<char> baseName, ReadOnlySpan<char> extension) =>
        new($"{baseName.ToString().PadRight(BaseLength)}{extension.ToString().PadRight(ExtensionLength)}");

    /// <summary>Whether a short name may contain the character. Spaces may be, but hardly any software expects them.</summary>
    public static bool IsAllowed(char character) =>
        char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character)
        || "$%'-_@~`!(){}^#&".Contains(character, StringComparison.Ordinal);

    /// <summary>The short name that says all of a long one but the case of its letters, if there is such.</summary>
    public static ShortName? TryExact(string longName)
    {
        (string baseName, string extension, bool exact) = Reduce(longName);
        return exact && baseName.Length <= BaseLength && extension.Length <= ExtensionLength
            ? From(baseName, extension)
            : null;
    }

    /// <summary>
    /// The short name number <paramref name="tail"/> that stands for a long one, for example <c>LONGNA~1.TXT</c>.
    /// </summary>
    public static ShortName Numbered(string longName, int tail)
    {
        (string baseName, string extension, _) = Reduce(longName);
        string suffix = string.Create(CultureInfo.InvariantCulture, $"~{tail}");
        int kept = Math.Min(baseName.Length, BaseLength - suffix.Length);
        return From($"{baseName.AsSpan(0, kept)}{suffix}", extension.AsSpan(0, Math.Min(extension.Length, ExtensionLength)));
    }

    /// <summary>What long names have in common whose first short names differ by the tail alone.</summary>
    public static string Stem(string longName)
    {
        (string baseName, string extension, _) = Reduce(longName);
        ReadOnlySpan<char> start = baseName.AsSpan(0, Math.Min(baseName.Length, BaseLength - 2));
        return $"{start}.{extension.AsSpan(0, Math.Min(extension.Length, ExtensionLength))}";
    }

    /// <summary>Writes the 11 bytes.</summary>
    public void Encode(Span<byte> destination)
    {
        for (int i = 0; i < Length; i++)
        {
            destination[i] = (byte)_padded[i];
        }
    }

    /// <summary>The checksum that ties long-name entries to the 11 bytes of the short name (LDIR_Chksum).</summary>
    public static byte Checksum(ReadOnlySpan<byte> name)
    {
        int sum = 0;
        foreach (byte value in name[..Length])
        {
            sum = ((sum & 1) << 7) + (sum >> 1) + value & 0xFF;
        }

        return (byte)sum;
    }

    /// <summary>The parts of a long name in upper case, without what a short name cannot contain.</summary>
    private static (string BaseName, string Extension, bool Exact) Reduce(string longName)
    {
        string name = longName.TrimStart('.', ' ');
        bool exact = name.Length == longName.Length;
        int dot = name.LastIndexOf('.');
        string baseName = Replace(dot < 0 ? name : name[..dot], ref exact);
        string extension = Replace(dot < 0 ? "" : name[(dot + 1)..], ref exact);
        return (baseName, extension, exact);
    }

    private static string Replace(string part, ref bool exact)
    {
        Span<char> kept = new char[part.Length];
        int count = 0;
        foreach (char character in part)
        {
            char upper = char.IsAsciiLetterLower(character) ? (char)(character - 0x20) : character;
            bool allowed = IsAllowed(upper);
            exact &= allowed;
            if (upper is not (' ' or '.'))
            {
                kept[count++] = allowed ? upper : '_';
            }
        }

        return kept[..count].ToString();
    }
}
