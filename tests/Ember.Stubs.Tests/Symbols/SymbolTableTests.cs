using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Formats.Symbols;
using Ember.Platform.Faults;
using Ember.Platform.Text;
using Ember.Stubs.Symbols;

namespace Ember.Stubs.Tests.Symbols;

/// <summary>The builder's bytes through the core's reader.</summary>
public sealed class SymbolTableTests
{
    private const uint Start = 0x1000;

    private static readonly string[] _types = ["Machine", "SvmProcessor", "LocalApic", "TextScreen", "IoApic", "Uart16550", "GuestMemory"];
    private static readonly string[] _verbs = ["Read", "Write", "TryRead", "Handle", "Flush", "Inject", "Map", "Append"];
    private static readonly string[] _nouns = ["Register", "Exit", "Interrupt", "Page", "Character", "Msr", "Line"];

    [Theory]
    [InlineData(0x0FFFu, null)]
    [InlineData(0x1000u, "EmberOut8+0")]
    [InlineData(0x100Fu, "EmberOut8+15")]
    [InlineData(0x1160u, "EntryPoint.EfiMain+0")]
    [InlineData(0x1175u, "EntryPoint.EfiMain+21")]
    [InlineData(0x2E30u, "Module.NativeLibraryStartup+0")]
    [InlineData(0x345Au, "PrivateImplementationDetails.InlineArrayAsReadOnlySpan+10")]
    [InlineData(0x345Bu, null)]
    [InlineData(uint.MaxValue, null)]
    public void Names_the_functions_of_a_real_core(uint rva, string? expected) =>
        Assert.Equal(expected, Look(SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real())), rva));

    [Fact]
    public void Finds_every_address_of_every_function()
    {
        Gen<string> name = Gen.Select(Gen.Int[0, 6], Gen.Int[0, 7], Gen.Int[0, 6], Gen.Int[0, 99])
            .Select((type, verb, noun, number) => $"Ember_Core_{_types[type]}__{_verbs[verb]}{_nouns[noun]}{number}x");
        Gen.Select(name, Gen.Int[1, 70_000], Gen.Int[0, 69_999]).Array[1, 80].Sample(
            functions =>
            {
                uint offset = 0;
                var placed = new List<(uint Offset, string Name)>();
                foreach ((string text, int size, _) in functions)
                {
                    placed.Add((offset, text));
                    offset += (uint)size;
                }

                byte[] table = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Of(placed, offset)));
                return functions.Zip(placed).All(f =>
                        Look(table, Start + f.Second.Offset + (uint)(f.First.Item3 % f.First.Item2))
                        == $"{f.Second.Name[11..].Replace("__", ".", StringComparison.Ordinal)}+{f.First.Item3 % f.First.Item2}")
                    && Look(table, Start - 1) == null
                    && Look(table, Start + offset) == null;
            },
            iter: 60);
    }

    [Fact]
    public void Odd_names_survive_as_far_as_they_can()
    {
        string longName = new('n', 300);
        byte[] table = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Of([(0, "Grüße"), (16, longName), (32, "a")], 48)));

        Assert.Equal("Gr??e+1", Look(table, Start + 1));
        Assert.Equal(longName[..120] + "+2", Look(table, Start + 18));
        Assert.Equal("a+15", Look(table, Start + 47));
        Assert.Null(Look(table, Start + 48));
    }

    [Fact]
    public void A_thousand_functions_take_twenty_bytes_each_at_most()
    {
        IEnumerable<(uint, string)> functions = Enumerable.Range(0, 1000).Select(i =>
            ((uint)i * 97, $"Ember_Core_{_types[i % 7]}__{_verbs[i / 7 % 8]}{_nouns[i / 56 % 7]}{(char)('A' + (i % 26))}"));

        int length = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Of(functions, 97_000))).Length;

        Assert.InRange(length, 1, 20_000);
    }

    [Fact]
    public void The_same_map_gives_the_same_bytes() =>
        Assert.Equal(
            SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real())), SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real())));

    [Fact]
    public unsafe void Opens_by_address_alone()
    {
        byte[] table = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real()));
        byte[] longer = [.. table, 1, 2, 3];
        byte[] none = [0, 0, 0, 0];
        fixed (byte* pointer = longer, nothing = none)
        {
            Assert.True(SymbolTable.At(pointer).TryFind(0x1160, out uint start, out _));
            Assert.Equal(0x1160u, start);
            Assert.False(SymbolTable.At(nothing).TryFind(0x1160, out _, out _));
        }
    }

    [Theory]
    [InlineData(SymbolTableFormat.WordsOffset, SymbolTableFormat.MaximumWords + 1)]
    [InlineData(SymbolTableFormat.LengthOffset, SymbolTableFormat.MaximumLength + 1)]
    public void A_table_beyond_the_formats_limits_is_none(int offset, int value)
    {
        byte[] table = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real()));
        byte[] larger = new byte[SymbolTableFormat.MaximumLength + 1];
        table.CopyTo(larger, 0);
        Assert.NotNull(Look(larger, 0x1160));
        BitConverter.TryWriteBytes(larger.AsSpan(offset), value);
        Assert.Null(Look(larger, 0x1160));
    }

    [Fact]
    public void A_damaged_table_never_makes_the_reader_leave_it()
    {
        byte[] table = SymbolTableBuilder.Build(LinkMap.Parse(SampleMap.Real()));
        Gen.Select(Gen.Int[0, table.Length - 1], Gen.Byte, Gen.Int[0, table.Length], Gen.UInt[0x1000, 0x3500], Gen.Bool).Sample(
            (at, with, cut, rva, header) =>
            {
                byte[] damaged = (byte[])table.Clone();
                damaged[header ? at % 16 : at] = with;

                // The reader may name anything; a span's own check would throw if it read outside.
                _ = Look(damaged[..cut], rva);
                _ = Look(damaged, rva);
            },
            iter: 20_000);
    }

    private static string? Look(byte[] table, uint rva)
    {
        var symbols = new SymbolTable(table);
        if (!symbols.TryFind(rva, out uint start, out ReadOnlySpan<byte> name))
        {
            return null;
        }

        LineBuffer line = default;
        symbols.AppendName(name, ref line);
        line.Append((byte)'+');
        line.AppendDecimal(rva - start);
        return Encoding.UTF8.GetString(line.Text);
    }
}
