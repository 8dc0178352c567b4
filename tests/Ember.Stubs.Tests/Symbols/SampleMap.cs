using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Ember.Stubs.Tests.Symbols;

/// <summary>Link maps for the tests: one that lld-link 14 wrote for a core, and any other in the same form.</summary>
internal static class SampleMap
{
    private const ulong ImageBase = 0x1_4000_0000;
    private const uint SectionStart = 0x1000;

    /// <summary>A real map, shortened in its data sections.</summary>
    public static string Real()
    {
        using Stream stream = typeof(SampleMap).Assembly.GetManifestResourceStream("sample.map.txt")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>A map of one code section at 0x1000 with these functions at these offsets.</summary>
    public static string Of(IEnumerable<(uint Offset, string Name)> functions, uint length)
    {
        var text = new StringBuilder();
        text.Append(" core\n\n Timestamp is 00000000 (Repro mode)\n\n");
        text.Append(CultureInfo.InvariantCulture, $" Preferred load address is {ImageBase:x16}\n\n");
        text.Append(" Start         Length     Name                   Class\n");
        text.Append(CultureInfo.InvariantCulture, $" 0001:00000000 {length:x8}H .text                   CODE\n");
        text.Append(" 0002:00000000 00000350H .rdata                  DATA\n\n");
        text.Append("  Address         Publics by Value              Rva+Base               Lib:Object\n\n");
        foreach ((uint offset, string name) in functions.OrderBy(f => f.Offset))
        {
            ulong address = ImageBase + SectionStart + offset;
            text.Append(CultureInfo.InvariantCulture, $" 0001:{offset:x8}       {name,-26} {address:x16}     core.obj\n");
        }

        text.Append(" 0002:00000000       __embedded_metadata        0000000140002000     core.obj\n");
        text.Append("\n entry point at         0001:00000020\n\n Static symbols\n\n");
        return text.ToString();
    }
}
