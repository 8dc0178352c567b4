using System;
using System.Buffers;
using System.Linq;

namespace Ember.Fuzz.Tests.Models;

/// <summary>Text in a structure, read by another way than the readers'.</summary>
internal static class Text
{
    private static readonly SearchValues<char> _noFileName = SearchValues.Create("\\/:*?\"<>|");

    /// <summary>The text of a field that is ended and filled up with zeros; null when it is none.</summary>
    public static string? Of(ReadOnlySpan<byte> field)
    {
        int length = field.IndexOf((byte)0);
        return length > 0
            && field[length..].IndexOfAnyExcept((byte)0) < 0
            && !field[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? System.Text.Encoding.ASCII.GetString(field[..length])
            : null;
    }

    /// <summary>The same for a file's name.</summary>
    public static string? FileNameOf(ReadOnlySpan<byte> field) =>
        Of(field) is { } name && !name.AsSpan().ContainsAny(_noFileName) && name[0] != '.' && name[^1] is not ('.' or ' ') ? name : null;

    /// <summary>The same for a virtual machine's name.</summary>
    public static string? MachineNameOf(ReadOnlySpan<byte> field) =>
        Of(field) is { } name && !name.Any(character => character is ' ' or ':' or '|') ? name : null;

    /// <summary>Whether bytes are all zero.</summary>
    public static bool AreZero(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyExcept((byte)0) < 0;

    /// <summary>A little-endian number of 4 bytes.</summary>
    public static uint Number(ReadOnlySpan<byte> bytes, int at) => BitConverter.ToUInt32(bytes[at..]);

    /// <summary>A little-endian number of 8 bytes.</summary>
    public static ulong Long(ReadOnlySpan<byte> bytes, int at) => BitConverter.ToUInt64(bytes[at..]);
}
