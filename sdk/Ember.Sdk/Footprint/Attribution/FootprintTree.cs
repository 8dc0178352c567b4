using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>Gathers pieces into the report's tree: assembly, namespace, type, member, and what of the member.</summary>
public static class FootprintTree
{
    private static readonly Func<SourceMember, string>[] _levels =
    [
        source => source.Assembly, source => source.Namespace, source => source.Type, source => source.Member,
    ];

    /// <summary>The tree of <paramref name="pieces"/> under a root called <paramref name="name"/>.</summary>
    public static FootprintNode Build(string name, IEnumerable<Piece> pieces) => Gather(name, Level([.. pieces], 0));

    /// <summary>A row with <paramref name="children"/> under it, the largest first.</summary>
    public static FootprintNode Gather(string name, IEnumerable<FootprintNode> children)
    {
        FootprintNode[] sorted = [.. children
            .OrderByDescending(child => child.Sizes.Flash)
            .ThenByDescending(child => child.Sizes.File)
            .ThenByDescending(child => child.Sizes.Loaded)
            .ThenBy(child => child.Name, StringComparer.Ordinal)];
        return new FootprintNode(name, null, Sum(sorted.Select(child => child.Sizes)), null, sorted);
    }

    /// <summary>A row with nothing under it.</summary>
    public static FootprintNode Leaf(string name, PieceKind kind, Sizes sizes) => new(name, kind, sizes, null, []);

    /// <summary>The sum of all.</summary>
    public static Sizes Sum(IEnumerable<Sizes> sizes) => sizes.Aggregate(default(Sizes), (sum, size) => sum + size);

    /// <summary>What a kind of piece is called in reports.</summary>
    public static string NameOf(PieceKind kind) => kind switch
    {
        PieceKind.Method or PieceKind.Stub => "code",
        PieceKind.Literal => "literal",
        PieceKind.MethodData => "jump tables and constants",
        PieceKind.Statics => "static fields",
        PieceKind.Unwind => "unwind description",
        PieceKind.FunctionNames => "function names",
        PieceKind.CompilerTable => "compiler's table",
        PieceKind.Headers => "headers",
        PieceKind.Relocations => "relocations",
        PieceKind.Signature => "signature",
        PieceKind.Padding => "padding",
        PieceKind.Rounding => "rounding",
        PieceKind.FlashMetadata => "metadata",
        PieceKind.FlashFile => "file",
        PieceKind.FlashFree => "free",
        PieceKind.RunTime => "memory",
        _ => "unattributed",
    };

    private static IEnumerable<FootprintNode> Level(IReadOnlyList<Piece> pieces, int level)
    {
        foreach (IGrouping<string, Piece> group in pieces.GroupBy(piece => _levels[level](piece.Source), StringComparer.Ordinal))
        {
            Piece[] members = [.. group];
            if (level == _levels.Length - 1)
            {
                yield return Member(group.Key, members);
            }
            else if (group.Key.Length == 0)
            {
                // No namespace or no type: what is below stands here.
                foreach (FootprintNode node in Level(members, level + 1))
                {
                    yield return node;
                }
            }
            else
            {
                yield return Gather(group.Key, Level(members, level + 1));
            }
        }
    }

    private static FootprintNode Member(string name, Piece[] pieces)
    {
        FootprintNode[] parts = [.. pieces
            .GroupBy(piece => piece.Kind)
            .Select(part => Leaf(NameOf(part.Key), part.Key, Sum(part.Select(piece => piece.Sizes))))];
        string? symbol = pieces.OrderBy(piece => piece.Kind).FirstOrDefault(piece => piece.Symbol is not null)?.Symbol?.Name;
        return parts.Length == 1
            ? parts[0] with { Name = name, Symbol = symbol }
            : Gather(name, parts) with { Symbol = symbol };
    }
}
