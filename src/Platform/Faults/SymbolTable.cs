using System;
using Ember.Formats.Symbols;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Platform.Faults;

/// <summary>
/// Reads the table of function names (<see cref="SymbolTableFormat"/>). A damaged table yields wrong or no names, never an
/// access outside it.
/// </summary>
public readonly ref struct SymbolTable
{
    private readonly ReadOnlySpan<byte> _words;
    private readonly ReadOnlySpan<byte> _functions;
    private readonly uint _functionCount;

    /// <summary>Opens a table; one that is not a symbol table reads as empty.</summary>
    /// <param name="table">The table, or more than the table.</param>
    [LoopBound(SymbolTableFormat.MaximumWords, "words")]
    public SymbolTable(ReadOnlySpan<byte> table)
    {
        if (table.Length < SymbolTableFormat.HeaderSize || Read32(table, 0) != SymbolTableFormat.Magic)
        {
            return;
        }

        uint length = Read32(table, SymbolTableFormat.LengthOffset);
        uint words = Read32(table, SymbolTableFormat.WordsOffset);
        if (length < SymbolTableFormat.HeaderSize || length > SymbolTableFormat.MaximumLength || length > (uint)table.Length
            || words > SymbolTableFormat.MaximumWords)
        {
            return;
        }

        ReadOnlySpan<byte> rest = table.Slice(SymbolTableFormat.HeaderSize, (int)length - SymbolTableFormat.HeaderSize);
        _words = rest;
        for (uint i = 0; i < words; i++)
        {
            if (!TakeText(ref rest, out _))
            {
                return;
            }
        }

        _functions = rest;
        _functionCount = Read32(table, SymbolTableFormat.FunctionsOffset);
    }

    /// <summary>Opens the table that lies at an address, by the length in its own header.</summary>
    /// <param name="table">At least four readable bytes, and as many as the header says if they are the magic.</param>
    public static unsafe SymbolTable At(byte* table)
    {
        var magic = new ReadOnlySpan<byte>(table, sizeof(uint));
        if (Read32(magic, 0) != SymbolTableFormat.Magic)
        {
            return default;
        }

        uint length = Read32(new ReadOnlySpan<byte>(table, SymbolTableFormat.HeaderSize), SymbolTableFormat.LengthOffset);
        return length > SymbolTableFormat.MaximumLength ? default : new SymbolTable(new ReadOnlySpan<byte>(table, (int)length));
    }

    /// <summary>Finds the function that covers an address.</summary>
    /// <param name="rva">Distance from the image base, in bytes.</param>
    /// <param name="start">Where the function starts, as a distance from the image base; zero if none covers it.</param>
    /// <param name="encodedName">Its name for <see cref="AppendName"/>.</param>
    /// <returns>False if no function covers it.</returns>
    [LoopBound(SymbolTableFormat.MaximumLength / 2, "functions, each of two bytes at least")]
    public bool TryFind(uint rva, out uint start, out ReadOnlySpan<byte> encodedName)
    {
        start = 0;
        encodedName = default;
        ReadOnlySpan<byte> rest = _functions;
        ReadOnlySpan<byte> found = default;
        uint foundAt = 0;
        uint address = 0;
        for (uint i = 0; i < _functionCount; i++)
        {
            if (!TakeDistance(ref rest, out uint distance) || !TakeText(ref rest, out ReadOnlySpan<byte> name))
            {
                return false;
            }

            address += distance;
            if (address > rva)
            {
                break;
            }

            foundAt = address;
            found = name;
        }

        if (found.IsEmpty)
        {
            return false;
        }

        start = foundAt;
        encodedName = found;
        return true;
    }

    /// <summary>Appends a name that <see cref="TryFind"/> returned.</summary>
    [LoopBound(SymbolTableFormat.MaximumName, "bytes of a name")]
    public void AppendName(scoped ReadOnlySpan<byte> encodedName, scoped ref LineBuffer line)
    {
        foreach (byte value in encodedName)
        {
            if (value < SymbolTableFormat.FirstWord)
            {
                line.Append(value);
            }
            else
            {
                line.Append(Word(value - SymbolTableFormat.FirstWord));
            }
        }
    }

    [LoopBound(SymbolTableFormat.MaximumWords, "words")]
    private ReadOnlySpan<byte> Word(int index)
    {
        ReadOnlySpan<byte> rest = _words;
        ReadOnlySpan<byte> word = default;
        for (int i = 0; i <= index; i++)
        {
            if (!TakeText(ref rest, out word))
            {
                return default;
            }
        }

        return word;
    }

    private static bool TakeText(scoped ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (rest.IsEmpty || rest[0] >= rest.Length)
        {
            return false;
        }

        text = rest.Slice(1, rest[0]);
        rest = rest.Slice(1 + text.Length);
        return true;
    }

    [LoopBound(5, "groups of 7 bits in 32")]
    private static bool TakeDistance(scoped ref ReadOnlySpan<byte> rest, out uint distance)
    {
        distance = 0;
        for (int shift = 0; shift < 32 && !rest.IsEmpty; shift += 7)
        {
            byte value = rest[0];
            rest = rest.Slice(1);
            distance |= (uint)(value & 0x7F) << shift;
            if (value < 0x80)
            {
                return true;
            }
        }

        return false;
    }

    private static uint Read32(ReadOnlySpan<byte> data, int offset) =>
        data[offset] | ((uint)data[offset + 1] << 8) | ((uint)data[offset + 2] << 16) | ((uint)data[offset + 3] << 24);
}
