using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using CsCheck;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint.Comparison;

/// <summary>Snapshots that no build left.</summary>
internal static class SnapshotFixture
{
    public const string Space = "Ember.Core.Devices";

    private static readonly Gen<SnapshotPiece> _pieces =
        from kind in One(PieceKind.Method, PieceKind.Literal, PieceKind.Padding)
        from type in One("", "A", "B", "C<X>")
        from member in One("f()", "f(Int32)", "g()", "h(Int32)", "\"\n€|")
        from hash in Gen.Int[0, 4]
        from sizes in Gen.Select(Gen.Long[0, 64], Gen.Long[0, 64], Gen.Long[0, 64], Gen.Long[0, 64])
        select Piece(member, sizes.Item1, hash == 0 ? "" : Hash(hash), type, kind) with
        {
            Sizes = new Sizes(sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4),
        };

    /// <summary>Small ones, of names and contents that often meet.</summary>
    public static Gen<FootprintSnapshot> Any { get; } = _pieces.Array[0, 30].Select(
        pieces => Of([.. pieces.DistinctBy(piece => (piece.Kind, piece.Source.FullName))]));

    public static FootprintSnapshot Of(params IReadOnlyList<SnapshotPiece> pieces) => new()
    {
        Name = "before.json",
        Digest = Hash(9),
        Pieces = [.. pieces.OrderBy(piece => piece.Source.FullName, StringComparer.Ordinal).ThenBy(piece => piece.Kind)],
    };

    public static SnapshotPiece Piece(
        string member, long bytes, string hash = "", string type = "T", PieceKind kind = PieceKind.Method, string space = Space) =>
        new(kind, new SourceMember("Ember.Core", space, type, member), new Sizes(0, bytes, bytes, 0), hash);

    public static string Hash(int number) => number.ToString("x64", CultureInfo.InvariantCulture);

    private static Gen<T> One<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);
}
