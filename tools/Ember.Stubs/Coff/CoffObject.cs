using System.Buffers.Binary;
using System.Text;

namespace Ember.Stubs.Coff;

/// <summary>
/// A COFF object file for x64 (Microsoft PE/COFF specification, sections 3 to 5): one section per function or data object, so that
/// the linker drops what nobody refers to.
/// </summary>
public sealed class CoffObject
{
    private const ushort MachineAmd64 = 0x8664;
    private const int FileHeaderSize = 20;
    private const int SectionHeaderSize = 40;
    private const int RelocationSize = 10;
    private const byte ClassExternal = 2;
    private const byte ClassStatic = 3;
    private const byte ComdatAny = 2;

    private readonly List<CoffSection> _sections = [];

    /// <summary>Adds a section that defines one external symbol at its start.</summary>
    public void Add(CoffSection section) => _sections.Add(section);

    /// <summary>The whole object file. The same sections give the same bytes.</summary>
    public byte[] ToBytes()
    {
        var symbols = new SymbolTable(_sections);
        int data = FileHeaderSize + (SectionHeaderSize * _sections.Count);
        int symbolOffset = data + _sections.Sum(s => s.Content.Length + (s.Relocations.Count * RelocationSize));
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(MachineAmd64);
        writer.Write((ushort)_sections.Count);
        writer.Write(0);
        writer.Write(symbolOffset);
        writer.Write(symbols.Count);
        writer.Write(0);

        foreach (CoffSection section in _sections)
        {
            int relocations = data + section.Content.Length;
            writer.Write(Encoding.ASCII.GetBytes(section.Kind.Name.PadRight(8, '\0')));
            writer.Write(0L);
            writer.Write(section.Kind.IsUninitialized ? section.Size : section.Content.Length);
            writer.Write(section.Kind.IsUninitialized ? 0 : data);
            writer.Write(section.Relocations.Count == 0 ? 0 : relocations);
            writer.Write(0);
            writer.Write((ushort)section.Relocations.Count);
            writer.Write((ushort)0);
            writer.Write(section.Kind.Characteristics);
            data = relocations + (section.Relocations.Count * RelocationSize);
        }

        foreach (CoffSection section in _sections)
        {
            writer.Write(section.Content);
            foreach (CoffRelocation relocation in section.Relocations)
            {
                writer.Write(relocation.Offset);
                writer.Write(symbols.IndexOf(relocation.Symbol));
                writer.Write((ushort)relocation.Kind);
            }
        }

        symbols.WriteTo(writer);
        return stream.ToArray();
    }

    /// <summary>Symbols in order: for every section its own (with the COMDAT record) and the name it defines, then what is undefined.</summary>
    private sealed class SymbolTable
    {
        private readonly List<CoffSection> _sections;
        private readonly List<string> _undefined;
        private readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);

        public SymbolTable(List<CoffSection> sections)
        {
            _sections = sections;
            for (int i = 0; i < sections.Count; i++)
            {
                _indexes.Add(sections[i].Symbol, (i * 3) + 2);
            }

            _undefined = [.. sections.SelectMany(s => s.Relocations).Select(r => r.Symbol).Distinct().Where(s => !_indexes.ContainsKey(s))];
            foreach (string name in _undefined)
            {
                _indexes.Add(name, _indexes.Count - sections.Count + (sections.Count * 3));
            }
        }

        public int Count => (_sections.Count * 3) + _undefined.Count;

        public int IndexOf(string name) => _indexes[name];

        public void WriteTo(BinaryWriter writer)
        {
            var strings = new MemoryStream();
            strings.Write(new byte[4]);
            for (int i = 0; i < _sections.Count; i++)
            {
                CoffSection section = _sections[i];
                short number = (short)(i + 1);
                WriteSymbol(writer, strings, section.Kind.Name, 0, number, ClassStatic, auxiliary: 1);
                writer.Write(section.Kind.IsUninitialized ? section.Size : section.Content.Length);
                writer.Write((ushort)section.Relocations.Count);
                writer.Write((ushort)0);
                writer.Write(0);
                writer.Write(number);
                writer.Write(ComdatAny);
                writer.Write(new byte[3]);
                WriteSymbol(writer, strings, section.Symbol, section.SymbolOffset, number, ClassExternal, auxiliary: 0);
            }

            foreach (string name in _undefined)
            {
                WriteSymbol(writer, strings, name, 0, 0, ClassExternal, auxiliary: 0);
            }

            byte[] table = strings.ToArray();
            BinaryPrimitives.WriteInt32LittleEndian(table, table.Length);
            writer.Write(table);
        }

        private static void WriteSymbol(
            BinaryWriter writer, MemoryStream strings, string name, int value, short section, byte storageClass, byte auxiliary)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(name);
            if (bytes.Length <= 8)
            {
                writer.Write(bytes);
                writer.Write(new byte[8 - bytes.Length]);
            }
            else
            {
                writer.Write(0);
                writer.Write((int)strings.Length);
                strings.Write(bytes);
                strings.WriteByte(0);
            }

            writer.Write(value);
            writer.Write(section);
            writer.Write((ushort)0);
            writer.Write(storageClass);
            writer.Write(auxiliary);
        }
    }
}
