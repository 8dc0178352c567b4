using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Attribution;

/// <summary>
/// Divides a core into pieces that tile it: each byte of the file and each byte of the loaded image belongs to exactly one.
/// </summary>
public sealed class CoreAttribution
{
    /// <summary>The owner of what the format of executable files costs.</summary>
    public const string FormatOwner = "file format";

    private const string UnwindRows = ".pdata";
    private const string RelocationSection = ".reloc";

    private readonly PeImage _image;
    private readonly CoreSymbols _symbols;
    private readonly CodeReferences _code;
    private readonly List<Piece> _pieces = [];

    private CoreAttribution(PeImage image, CoreSymbols symbols, CodeReferences code)
    {
        _image = image;
        _symbols = symbols;
        _code = code;
    }

    /// <summary>The pieces of a core, in the order of the file.</summary>
    /// <param name="image">The core.</param>
    /// <param name="symbols">Its named pieces.</param>
    /// <param name="code">Its code, for whose a literal is.</param>
    public static IReadOnlyList<Piece> Of(PeImage image, CoreSymbols symbols, CodeReferences code)
    {
        CoreAttribution attribution = new(image, symbols, code);
        attribution.AddAll();
        return attribution._pieces;
    }

    private void AddAll()
    {
        uint firstRva = _image.Sections.Count == 0 ? _image.SizeOfImage : _image.Sections[0].Rva;
        AddFormat(PieceKind.Headers, "headers", _image.UsedHeaderBytes, _image.UsedHeaderBytes);
        AddFormat(
            PieceKind.Rounding, "rounding of headers", _image.SizeOfHeaders - _image.UsedHeaderBytes, firstRva - _image.UsedHeaderBytes);
        uint fileEnd = _image.SizeOfHeaders;
        for (int i = 0; i < _image.Sections.Count; i++)
        {
            PeSection section = _image.Sections[i];
            uint next = i + 1 < _image.Sections.Count ? _image.Sections[i + 1].Rva : _image.SizeOfImage;
            if (section.FileSize != 0)
            {
                AddUnattributed("gap in the file", section.FileOffset - fileEnd, 0);
                fileEnd = section.FileOffset + section.FileSize;
            }

            AddSection(section);
            uint used = Math.Min(section.FileSize, section.VirtualSize);
            AddFormat(PieceKind.Rounding, $"rounding of {section.Name}", section.FileSize - used, next - section.Rva - section.VirtualSize);
        }

        uint signature = (uint)_image.CertificateTable.Size;
        AddFormat(PieceKind.Signature, "signature", signature, 0);
        AddUnattributed("behind the last section", (uint)_image.Bytes.Length - signature - fileEnd, 0);
    }

    private void AddSection(PeSection section)
    {
        switch (section.Name)
        {
            case UnwindRows:
                AddUnwindRows(section);
                break;
            case RelocationSection:
                AddBytes(section, PieceKind.Relocations, Format("base relocations"), null, section.Rva, section.VirtualSize);
                break;
            default:
                AddSymbols(section);
                break;
        }
    }

    private void AddSymbols(PeSection section)
    {
        uint at = section.Rva;
        uint end = section.Rva + section.VirtualSize;
        foreach (Symbol symbol in _symbols.All.Where(symbol => symbol.Rva >= section.Rva && symbol.End <= end))
        {
            AddGap(section, at, symbol.Rva - at);
            SourceMember source = symbol.Kind == SymbolKind.Literal && symbol.Source.Assembly != CoreSymbols.StubsAssembly
                ? LiteralSource.Of(symbol, _code.UsersOf(symbol), _image)
                : symbol.Source;
            AddBytes(section, KindOf(symbol.Kind), source, symbol, symbol.Rva, symbol.Length);
            at = symbol.End;
        }

        AddGap(section, at, end - at);
    }

    /// <summary>Between two pieces lies what aligns the second: zeros, or breakpoints in code.</summary>
    private void AddGap(PeSection section, uint rva, uint length)
    {
        if (length == 0)
        {
            return;
        }

        ReadOnlySpan<byte> bytes = _image.At(rva, length);
        bool isPadding = !bytes.ContainsAnyExcept((byte)0xCC) || !bytes.ContainsAnyExcept((byte)0);
        AddBytes(
            section,
            isPadding ? PieceKind.Padding : PieceKind.Unattributed,
            Format(isPadding ? $"padding in {section.Name}" : $"unattributed in {section.Name}"),
            null,
            rva,
            length);
    }

    private void AddUnwindRows(PeSection section)
    {
        uint at = section.Rva;
        foreach (RuntimeFunction row in _image.RuntimeFunctions)
        {
            Symbol? function = _symbols.At(row.Begin);
            AddBytes(section, PieceKind.Unwind, function?.Source ?? Format("exception table"), function, at, RuntimeFunction.Size);
            at += RuntimeFunction.Size;
        }

        AddGap(section, at, section.Rva + section.VirtualSize - at);
    }

    /// <summary>What lies behind the section's bytes in the file is zero, and costs memory only.</summary>
    private void AddBytes(PeSection section, PieceKind kind, SourceMember source, Symbol? symbol, uint rva, uint length)
    {
        uint offset = rva - section.Rva;
        uint inFile = Math.Min(length, section.FileSize - Math.Min(section.FileSize, offset));
        _pieces.Add(new Piece(kind, source, new Sizes(0, inFile, length, 0), symbol));
    }

    private void AddFormat(PieceKind kind, string name, uint file, uint loaded)
    {
        if (file != 0 || loaded != 0)
        {
            _pieces.Add(new Piece(kind, Format(name), new Sizes(0, file, loaded, 0), null));
        }
    }

    private void AddUnattributed(string name, uint file, uint loaded) => AddFormat(PieceKind.Unattributed, name, file, loaded);

    private static SourceMember Format(string name) => new(FormatOwner, "", "", name);

    private static PieceKind KindOf(SymbolKind kind) => kind switch
    {
        SymbolKind.Method => PieceKind.Method,
        SymbolKind.Stub => PieceKind.Stub,
        SymbolKind.Literal => PieceKind.Literal,
        SymbolKind.MethodData => PieceKind.MethodData,
        SymbolKind.Statics => PieceKind.Statics,
        SymbolKind.UnwindInfo => PieceKind.Unwind,
        SymbolKind.FunctionNames => PieceKind.FunctionNames,
        SymbolKind.CompilerTable => PieceKind.CompilerTable,
        _ => PieceKind.Unattributed,
    };
}
