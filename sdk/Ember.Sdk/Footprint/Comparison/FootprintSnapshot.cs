using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Ember.Sdk.Footprint.Storage;
using Ember.Sdk.Output;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Comparison;

/// <summary>What a build took, kept for later ones to be held against.</summary>
public sealed record FootprintSnapshot
{
    private const string Schema = "ember-footprint";
    private const int Format = 1;

    /// <summary>What it is called in comparisons: the file it was read from, or the core it was taken of.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the core, unsigned.</summary>
    public required string Digest { get; init; }

    /// <summary>Where all the bytes go, by assembly, full name and kind.</summary>
    public required IReadOnlyList<SnapshotPiece> Pieces { get; init; }

    /// <summary>What all pieces take together.</summary>
    public Sizes Total => Pieces.Aggregate(default(Sizes), (sum, piece) => sum + piece.Sizes);

    /// <summary>Takes a snapshot. Pieces of one member that are for the same purpose become one.</summary>
    /// <param name="image">The core.</param>
    /// <param name="files">What the build left beside it.</param>
    /// <param name="pieces">Where its bytes go.</param>
    /// <exception cref="EmberException">The compiler's map is not there, or none (exit code 2).</exception>
    public static FootprintSnapshot Of(PeImage image, SymbolFiles files, IEnumerable<Piece> pieces)
    {
        ContentHash hash = new(image, CompilerMap.Read(files.CompilerMap));
        return new FootprintSnapshot
        {
            Name = image.Path,
            Digest = image.UnsignedDigest(),
            Pieces = Sorted(pieces
                .GroupBy(piece => (piece.Kind, piece.Source.Assembly, piece.Source.FullName))
                .Select(group => new SnapshotPiece(
                    group.Key.Kind,
                    group.First().Source,
                    group.Aggregate(default(Sizes), (sum, piece) => sum + piece.Sizes),
                    HashOf([.. group.Select(piece => piece.Symbol).OfType<Symbol>().DistinctBy(symbol => symbol.Rva)], hash)))),
        };
    }

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <exception cref="EmberException">It is not there, damaged, or no snapshot of this version (exit code 2).</exception>
    public static FootprintSnapshot Read(string path)
    {
        StoredObject root = StoredObject.Parse(path, StoredFile.Load(path));
        root.RequireFormat(Schema, Format);
        string digest = root.Digest("sha256");
        List<SnapshotPiece> pieces = [];
        HashSet<(PieceKind, string, string)> identities = [];
        foreach (StoredObject item in root.Objects("pieces"))
        {
            SnapshotPiece piece = new(
                item.Word<PieceKind>("kind"),
                new SourceMember(item.Text("assembly"), item.Text("namespace"), item.Text("type"), item.Text("member")),
                item.Sizes(),
                item.Digest("sha256", mayBeEmpty: true));
            item.End();
            pieces.Add(identities.Add(piece.Identity) ? piece : throw item.Bad($"'{piece.Source.FullName}' appears twice"));
        }

        root.End();
        return new FootprintSnapshot { Name = path, Digest = digest, Pieces = Sorted(pieces) };
    }

    /// <summary>The snapshot as JSON in UTF-8, a line for each piece, so that two can be compared as text.</summary>
    public byte[] ToJson()
    {
        using MemoryStream stream = new();
        stream.Write("{\n"u8);
        using (StreamWriter text = new(stream, leaveOpen: true))
        {
            text.Write($"\"schema\": \"{Schema}\",\n\"format\": {Format},\n\"sha256\": \"{Digest}\",\n\"pieces\": [");
        }

        for (int i = 0; i < Pieces.Count; i++)
        {
            stream.Write(i == 0 ? "\n"u8 : ",\n"u8);
            StoredFile.WriteObject(stream, json => Write(json, Pieces[i]));
        }

        stream.Write("\n]\n}\n"u8);
        return stream.ToArray();
    }

    /// <summary>Writes the file <paramref name="path"/>, whole or not at all.</summary>
    /// <exception cref="EmberException">It cannot be written (exit code 3).</exception>
    public void Save(string path) => AtomicFile.WriteAllBytes(path, ToJson());

    private static string HashOf(Symbol[] symbols, ContentHash hash) =>
        symbols.Length == 0 ? "" : ContentHash.Combine([.. symbols.Select(hash.Of)]);

    private static SnapshotPiece[] Sorted(IEnumerable<SnapshotPiece> pieces) =>
    [
        .. pieces
            .OrderBy(piece => piece.Source.Assembly, StringComparer.Ordinal)
            .ThenBy(piece => piece.Source.FullName, StringComparer.Ordinal)
            .ThenBy(piece => piece.Kind),
    ];

    private static void Write(Utf8JsonWriter json, SnapshotPiece piece)
    {
        json.WriteString("kind", piece.Kind.ToString());
        json.WriteString("assembly", piece.Source.Assembly);
        json.WriteString("namespace", piece.Source.Namespace);
        json.WriteString("type", piece.Source.Type);
        json.WriteString("member", piece.Source.Member);
        StoredFile.WriteSizes(json, piece.Sizes);
        json.WriteString("sha256", piece.Hash);
    }
}
