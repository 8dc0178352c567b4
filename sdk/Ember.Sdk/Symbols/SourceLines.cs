using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Symbols;

/// <summary>
/// The lines of source that code was compiled from, out of the compiler's object file. They are CodeView's: the section
/// <c>.debug$S</c> is a list of parts, of which one for each function has its lines, one the files and one their names
/// (Microsoft's microsoft-pdb, cvinfo.h: DEBUG_S_LINES, DEBUG_S_FILECHKSMS, DEBUG_S_STRINGTABLE).
/// </summary>
public sealed class SourceLines
{
    private const string DebugSection = ".debug$S";
    private const uint Signature = 4;
    private const uint LinesPart = 0xF2;
    private const uint StringsPart = 0xF3;
    private const uint FilesPart = 0xF4;
    private const int LinesHeaderSize = 12;
    private const int BlockHeaderSize = 12;
    private const int LineSize = 8;
    private const uint LineMask = 0xFF_FFFF;

    /// <summary>Numbers that stand for no line: code to step over, code to step into.</summary>
    private const uint FirstSpecialLine = 0xFE_EFEE;

    private readonly Dictionary<string, IReadOnlyList<SourceLine>> _functions = [];

    private SourceLines()
    {
    }

    /// <summary>The lines of the function with the symbol <paramref name="symbol"/>, by offset; none when nothing tells.</summary>
    public IReadOnlyList<SourceLine> Of(string symbol) => _functions.GetValueOrDefault(symbol) ?? [];

    /// <summary>Reads the object file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is none, or damaged (exit code 2).</exception>
    public static SourceLines Read(string path)
    {
        try
        {
            SourceLines lines = new();
            foreach ((byte[] bytes, IReadOnlyDictionary<int, string> references) in new CoffFile(File.ReadAllBytes(path)).Sections(DebugSection))
            {
                lines.Add(bytes, references);
            }

            return lines;
        }
        catch (Exception e) when (e is InvalidDataException or OverflowException or ArgumentOutOfRangeException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no object file of ilc's: {e.Message}", e);
        }
    }

    private void Add(byte[] section, IReadOnlyDictionary<int, string> references)
    {
        List<(uint Kind, int Start, int Length)> parts = Parts(section);
        ReadOnlySpan<byte> strings = Single(section, parts, StringsPart);
        ReadOnlySpan<byte> files = Single(section, parts, FilesPart);
        Dictionary<uint, string> names = [];
        foreach ((uint _, int start, int length) in parts.Where(part => part.Kind == LinesPart))
        {
            if (references.TryGetValue(start, out string? function))
            {
                _functions[function] = ReadLines(section.AsSpan(start, length), files, strings, names);
            }
        }
    }

    private static List<(uint Kind, int Start, int Length)> Parts(byte[] section)
    {
        if (U32(section, 0) != Signature)
        {
            throw new InvalidDataException($"its section {DebugSection} is of another version");
        }

        List<(uint, int, int)> parts = [];
        for (int at = sizeof(uint); at + 8 <= section.Length;)
        {
            int length = checked((int)U32(section, at + 4));
            parts.Add((U32(section, at), at + 8, length));
            at = checked(at + 8 + ((length + 3) & ~3));
        }

        return parts;
    }

    private static ReadOnlySpan<byte> Single(byte[] section, List<(uint Kind, int Start, int Length)> parts, uint kind)
    {
        (uint _, int start, int length) = parts.FirstOrDefault(part => part.Kind == kind);
        return section.AsSpan(start, length);
    }

    /// <summary>Blocks, one for each stretch of code from one file.</summary>
    private static List<SourceLine> ReadLines(
        ReadOnlySpan<byte> part, ReadOnlySpan<byte> files, ReadOnlySpan<byte> strings, Dictionary<uint, string> names)
    {
        List<SourceLine> lines = [];
        for (int at = LinesHeaderSize; at + BlockHeaderSize <= part.Length;)
        {
            uint file = U32(part, at);
            int count = checked((int)U32(part, at + 4));
            int length = checked((int)U32(part, at + 8));
            if (length < BlockHeaderSize || count < 0 || count > (length - BlockHeaderSize) / LineSize)
            {
                throw new InvalidDataException("a block of lines has an impossible length");
            }

            string name = Name(file, files, strings, names);
            for (int i = 0; i < count; i++)
            {
                int line = at + BlockHeaderSize + (i * LineSize);
                uint number = U32(part, line + 4) & LineMask;
                lines.Add(new SourceLine(U32(part, line), name, number >= FirstSpecialLine ? 0 : (int)number));
            }

            at += length;
        }

        lines.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        return lines;
    }

    private static string Name(uint file, ReadOnlySpan<byte> files, ReadOnlySpan<byte> strings, Dictionary<uint, string> names)
    {
        if (!names.TryGetValue(file, out string? name))
        {
            ReadOnlySpan<byte> text = strings[checked((int)U32(files, checked((int)file)))..];
            int end = text.IndexOf((byte)0);
            name = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            names.Add(file, name);
        }

        return name;
    }

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}
