using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Symbols;

public sealed class CoreSymbolsTests
{
    private static FootprintTarget Target => ReferenceBuild.Target;

    [Fact]
    public void No_two_pieces_overlap_and_each_is_found_by_its_addresses()
    {
        uint end = 0;
        foreach (Symbol symbol in Target.Symbols.All)
        {
            Assert.True(symbol.Rva >= end, symbol.Name);
            Assert.Same(symbol, Target.Symbols.At(symbol.Rva));
            Assert.Same(symbol, Target.Symbols.At(symbol.End - 1));
            end = symbol.End;
        }

        Assert.Null(Target.Symbols.At(0));
        Assert.Null(Target.Symbols.At(end));
    }

    [Fact]
    public void Methods_are_as_long_as_the_exception_table_of_the_linked_file_says()
    {
        Symbol[] methods = [.. Target.Symbols.All.Where(symbol => symbol.Kind == SymbolKind.Method)];
        Assert.Equal(
            Target.Core.RuntimeFunctions.Select(row => (row.Begin, row.End)), methods.Select(method => (method.Rva, method.End)));
    }

    [Fact]
    public void Unwind_descriptions_lie_where_the_exception_table_points()
    {
        HashSet<uint> described = [.. Target.Core.RuntimeFunctions.Select(row => row.UnwindInfo)];
        Assert.Equal(
            described.Order(),
            Target.Symbols.All.Where(symbol => symbol.Kind == SymbolKind.UnwindInfo).Select(symbol => symbol.Rva));
    }

    [Fact]
    public void Every_name_of_the_linker_is_a_piece_or_an_alias_of_one_or_takes_no_room()
    {
        HashSet<string> known = [.. Target.Symbols.All.SelectMany(symbol => symbol.Aliases.Prepend(symbol.Name))];
        IReadOnlyDictionary<string, CompilerObject> made = CompilerMap.Read(ReferenceBuild.Symbols.CompilerMap).Objects;
        string[] unknown = [.. LinkerMap.Read(ReferenceBuild.Symbols.LinkerMap).Names
            .Select(name => name.Name)
            .Where(name => !known.Contains(name) && !(made.TryGetValue(name, out CompilerObject? thing) && thing.Length == 0))];
        Assert.Empty(unknown);
    }

    [Theory]
    [InlineData("Ember.Core", "Ember.Core.Startup", "EntryPoint", "EfiMain(Void*, EfiSystemTable*)", SymbolKind.Method)]
    [InlineData("Ember.Core", "Ember.Core.Startup", "HostPhase", "static fields", SymbolKind.Statics)]
    [InlineData("Ember.Platform", "Ember.Platform.Text", "LineBuffer", "Append(Byte)", SymbolKind.Method)]
    [InlineData("Ember.Stubs", "", "", "EmberSvmRun", SymbolKind.Stub)]
    [InlineData("Ember.Stubs", "", "", "EmberSymbolTable", SymbolKind.FunctionNames)]
    [InlineData("ilc", "", "", "__ReadyToRunHeader", SymbolKind.CompilerTable)]
    public void A_piece_says_where_in_the_sources_it_comes_from(
        string assembly, string space, string type, string member, SymbolKind kind)
    {
        SourceMember source = new(assembly, space, type, member);
        Assert.Contains(Target.Symbols.All, symbol => symbol.Source == source && symbol.Kind == kind);
    }

    [Fact]
    public void An_instantiation_knows_its_generic()
    {
        Symbol run = Assert.Single(
            Target.Symbols.All, symbol => symbol.IsCode && symbol.Source.ShortName == "ProcessorLoop<SvmProcessor>.Turn(UInt64)");
        Assert.Equal("Ember.Core.Startup.ProcessorLoop`1.Turn(UInt64)", run.Source.GenericDefinition);
    }

    [Fact]
    public void Lines_of_source_exist()
    {
        SourceLines lines = SourceLines.Read(ReferenceBuild.Symbols.ObjectFile);
        Dictionary<string, int> lengths = [];
        foreach (Symbol method in Target.Symbols.All.Where(symbol => symbol.Kind == SymbolKind.Method && symbol.Source.Assembly != "ilc"))
        {
            foreach (SourceLine line in lines.Of(method.Name).Where(line => line.Line != 0))
            {
                string file = Path.Combine(ReferenceBuild.Repository, line.File["/ember/".Length..]);
                if (!lengths.TryGetValue(file, out int length))
                {
                    lengths.Add(file, length = File.ReadAllLines(file).Length);
                }

                Assert.InRange(line.Line, 1, length);
                Assert.InRange(line.Offset, 0u, method.Length - 1);
            }
        }

        Assert.True(lengths.Count > 50);
    }

    [Fact]
    public void The_first_line_of_a_method_is_near_its_name()
    {
        SourceLines lines = SourceLines.Read(ReferenceBuild.Symbols.ObjectFile);
        Symbol method = Assert.Single(Target.Symbols.All, symbol => symbol.IsCode && symbol.Source.ShortName == "EntryPoint.EfiMain(Void*, EfiSystemTable*)");
        SourceLine first = lines.Of(method.Name).First(line => line.Line != 0);
        string[] source = File.ReadAllLines(Path.Combine(ReferenceBuild.Repository, first.File["/ember/".Length..]));
        Assert.Contains(source[(first.Line - 3)..first.Line], text => text.Contains("EfiMain(", StringComparison.Ordinal));
    }
}
