using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Footprint;

/// <summary>The core of this checkout, built before the tests are.</summary>
internal static class BuiltCore
{
    private static readonly Lazy<PeImage> _image = new(() => PeImage.Read(Path.Combine(
        Repository.Containing(AppContext.BaseDirectory).Artifacts, "bin", "Ember.Core", "release_net10.0-ember1.0", "core.efi")));

    private static readonly Lazy<CoreSymbols> _symbols = new(() => CoreSymbols.Read(Files));

    public static PeImage Image => _image.Value;

    public static SymbolFiles Files => SymbolFiles.Beside(Image);

    public static CoreSymbols Symbols => _symbols.Value;

    /// <summary>One piece for each symbol.</summary>
    public static IReadOnlyList<Piece> Pieces => [.. Symbols.All.Select(symbol => new Piece(
        symbol.Kind switch
        {
            SymbolKind.UnwindInfo => PieceKind.Unwind,
            SymbolKind kind => Enum.Parse<PieceKind>(kind.ToString()),
        },
        symbol.Source,
        new Sizes(0, Image.At(symbol.Rva, symbol.Length).Length, symbol.Length, 0),
        symbol))];
}
