using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Ember.Sdk.Symbols;

/// <summary>
/// An object file (PE/COFF specification, sections 3 to 5): the sections of one name, and which symbols they refer to. What lies
/// outside the file is refused.
/// </summary>
internal sealed class CoffFile
{
    private const int HeaderSize = 20;
    private const int SectionSize = 40;
    private const int RelocationSize = 10;
    private const int SymbolSize = 18;
    private const int ShortNameSize = 8;
    private const ushort MachineAmd64 = 0x8664;

    private readonly byte[] _bytes;
    private readonly int _symbols;
    private readonly int _symbolCount;

    /// <summary>Takes an object file.</summary>
    /// <exception cref="InvalidDataException">It is none for x64.</exception>
    public CoffFile(byte[] bytes)
    {
        _bytes = bytes;
        if (bytes.Length < HeaderSize || U16(0) != MachineAmd64)
        {
            throw new InvalidDataException("no object file for x64");
        }

        _symbols = checked((int)U32(8));
        _symbolCount = checked((int)U32(12));
        Slice(_symbols, checked(_symbolCount * SymbolSize));
    }

    /// <summary>The sections called <paramref name="name"/>: their bytes, and by place in them the symbol that each refers to.</summary>
    /// <exception cref="InvalidDataException">One lies outside the file.</exception>
    public IEnumerable<(byte[] Bytes, IReadOnlyDictionary<int, string> References)> Sections(string name)
    {
        for (int i = 0; i < U16(2); i++)
        {
            int header = HeaderSize + U16(16) + (i * SectionSize);
            if (Text(Slice(header, ShortNameSize)) == name)
            {
                int length = checked((int)U32(header + 16));
                byte[] bytes = Slice(checked((int)U32(header + 20)), length).ToArray();
                yield return (bytes, References(checked((int)U32(header + 24)), U16(header + 32)));
            }
        }
    }

    private Dictionary<int, string> References(int table, int count)
    {
        Dictionary<int, string> references = [];
        for (int i = 0; i < count; i++)
        {
            int at = table + (i * RelocationSize);
            Slice(at, RelocationSize);
            references[checked((int)U32(at))] = Symbol(U32(at + 4));
        }

        return references;
    }

    /// <summary>A name of eight bytes, or zero and where it lies in the table of strings behind the symbols.</summary>
    private string Symbol(uint index)
    {
        if (index >= _symbolCount)
        {
            throw new InvalidDataException($"it refers to symbol {index}, which is none");
        }

        int at = _symbols + (int)(index * SymbolSize);
        if (U32(at) != 0)
        {
            return Text(Slice(at, ShortNameSize));
        }

        int strings = _symbols + (_symbolCount * SymbolSize);
        int start = checked(strings + (int)U32(at + 4));
        return Text(Slice(start, _bytes.Length - start));
    }

    private ReadOnlySpan<byte> Slice(int start, int length) =>
        start >= 0 && length >= 0 && start <= _bytes.Length - length
            ? _bytes.AsSpan(start, length)
            : throw new InvalidDataException("cut off: a part lies outside the file");

    private ushort U16(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Slice(at, sizeof(ushort)));

    private uint U32(int at) => BinaryPrimitives.ReadUInt32LittleEndian(Slice(at, sizeof(uint)));

    private static string Text(ReadOnlySpan<byte> bytes)
    {
        int end = bytes.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
    }
}
