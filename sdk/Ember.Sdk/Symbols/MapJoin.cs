using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Symbols;

/// <summary>
/// Joins what the linker says (where everything lies) with what the compiler says (what it is, how long, and of which source).
/// </summary>
internal sealed class MapJoin
{
    private const string StubsObject = "stubs.obj";
    private const string NamesObject = "symbols.obj";
    private const string UnwindSection = ".xdata";
    private const string CodeSection = ".text";
    private const string UnwindPrefix = "_unwind";
    private const string MethodDataPrefix = "__readonlydata_";
    private const string StaticsMark = "STATICS@";
    private const string MemberSeparator = "__";
    private const string Digits = "0123456789";

    /// <summary>The assembly that ilc says its own methods are of.</summary>
    private const string CompilerGenerated = "System.Private.CompilerGenerated";

    private readonly CompilerMap _compiler;
    private readonly SizeStatistics _statistics;
    private readonly Dictionary<string, SourceMember> _types;

    public MapJoin(CompilerMap compiler, SizeStatistics statistics)
    {
        _compiler = compiler;
        _statistics = statistics;
        _types = statistics.Members
            .GroupBy(member => TypePart(member.Key), member => member.Value)
            .ToDictionary(group => group.Key, group => group.First());
    }

    /// <summary>The pieces of a linked image, by address.</summary>
    public IReadOnlyList<Symbol> Join(LinkerMap linker)
    {
        ILookup<uint, string> names = linker.Names.ToLookup(name => name.Rva, name => name.Name);
        return [.. linker.Chunks.SelectMany(chunk => Pieces(chunk, names)).OrderBy(symbol => symbol.Rva)];
    }

    /// <summary>What lies in one piece of an object file: a piece of its own, or, from the compiler, one for each name in it.</summary>
    private IEnumerable<Symbol> Pieces(LinkerChunk chunk, ILookup<uint, string> names)
    {
        if (chunk.ObjectFile is StubsObject or NamesObject || chunk.Section == UnwindSection)
        {
            string[] all = [.. names[chunk.Rva]];
            return all.Length == 0 ? [] : [Whole(chunk, all)];
        }

        return names
            .Where(group => group.Key >= chunk.Rva && group.Key < chunk.Rva + chunk.Length)
            .Select(group => Compiled(group.Key, [.. group]))
            .OfType<Symbol>();
    }

    private Symbol Whole(LinkerChunk chunk, string[] names)
    {
        SymbolKind kind = chunk.ObjectFile == NamesObject ? SymbolKind.FunctionNames
            : chunk.Section == UnwindSection ? SymbolKind.UnwindInfo
            : chunk.Section == CodeSection ? SymbolKind.Stub
            : SymbolKind.Literal;
        SourceMember source = kind == SymbolKind.UnwindInfo
            ? SourceOf(WithoutUnwindPrefix(names[0]), names[0])
            : new SourceMember(CoreSymbols.StubsAssembly, "", "", names[0]);
        return new Symbol(chunk.Rva, chunk.Length, kind, names[0], names[1..], source);
    }

    private Symbol? Compiled(uint rva, string[] names)
    {
        string? name = names.Where(candidate => LengthOf(candidate) != 0).FirstOrDefault();
        if (name is null)
        {
            return null;
        }

        CompilerObject made = _compiler.Objects[name];
        SymbolKind kind = made.Kind switch
        {
            "MethodCode" => SymbolKind.Method,
            "FieldRvaData" => SymbolKind.Literal,
            "MethodReadOnlyData" => SymbolKind.MethodData,
            "NonGCStatics" or "GCStatics" or "ThreadStatics" => SymbolKind.Statics,
            _ => SymbolKind.CompilerTable,
        };
        SourceMember source = kind switch
        {
            SymbolKind.MethodData => SourceOf(name[MethodDataPrefix.Length..], name),
            SymbolKind.Statics => SourceOfStatics(name),
            _ => SourceOf(name, name),
        };
        return new Symbol(rva, made.Length, kind, name, [.. names.Where(other => other != name)], source);
    }

    private uint LengthOf(string name) => _compiler.Objects.TryGetValue(name, out CompilerObject? made) ? made.Length : 0;

    private SourceMember SourceOf(string member, string symbol) => _statistics.Members.GetValueOrDefault(member) switch
    {
        null or { Assembly: CompilerGenerated } => new SourceMember(CoreSymbols.CompilerAssembly, "", "", symbol),
        SourceMember source => source,
    };

    /// <summary>A type's statics are called after the type alone: <c>?__NONGCSTATICS@Ember_Core_Ember_Core_Startup_Crash@@</c>.</summary>
    private SourceMember SourceOfStatics(string name)
    {
        string type = name[(name.IndexOf(StaticsMark, StringComparison.Ordinal) + StaticsMark.Length)..].TrimEnd('@');
        if (_types.TryGetValue(type, out SourceMember? member))
        {
            return new SourceMember(member.Assembly, member.Namespace, member.Type, "static fields");
        }

        // Every method of the type was inlined. Its neighbours tell where it is.
        SourceMember? neighbour = _types.Values
            .Where(other => type.StartsWith(Prefix(other), StringComparison.Ordinal))
            .MaxBy(other => other.Namespace.Length);
        return neighbour is null
            ? new SourceMember(CoreSymbols.CompilerAssembly, "", "", name)
            : new SourceMember(neighbour.Assembly, neighbour.Namespace, type[Prefix(neighbour).Length..], "static fields");
    }

    private static string Prefix(SourceMember member) => $"{member.Assembly}_{member.Namespace}_".Replace('.', '_');

    private static string TypePart(string symbol)
    {
        int separator = symbol.IndexOf(MemberSeparator, StringComparison.Ordinal);
        return separator < 0 ? symbol : symbol[..separator];
    }

    /// <summary><c>_unwind0</c>, <c>_unwind1</c> for the parts of a method, then the method.</summary>
    private static string WithoutUnwindPrefix(string name) =>
        name.StartsWith(UnwindPrefix, StringComparison.Ordinal) ? name[UnwindPrefix.Length..].TrimStart(Digits.ToCharArray()) : name;
}
