using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Audit;
using Ember.Sdk.Audit.Loops;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint.Attribution;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Footprint.Listings;
using Ember.Sdk.Footprint.Retention;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint;

/// <summary>A core, alone or on an image of a key, with all that tells about it.</summary>
public sealed class FootprintTarget
{
    private readonly KeyAttribution? _key;

    private FootprintTarget(string path, PeImage core, SymbolFiles files, KeyAttribution? key)
    {
        _key = key;
        Path = path;
        Core = core;
        Files = files;
        CoreSymbols symbols = CoreSymbols.Read(files);
        Code = CodeMap.Read(core, symbols.All, AuditPolicy.Core.Tables);
        CodeUsers users = new(Code, symbols);
        Symbols = symbols.WithSources(symbol => LiteralSource.Of(symbol, users.Of(symbol), core));
        IReadOnlyList<Piece> pieces = CoreAttribution.Of(core, Symbols);
        Pieces = key is null ? pieces : [.. pieces.Select(piece => piece with { Sizes = piece.Sizes with { Flash = piece.Sizes.File } })];
    }

    /// <summary>The file that was opened.</summary>
    public string Path { get; }

    /// <summary>The core.</summary>
    public PeImage Core { get; }

    /// <summary>The files that tell about it.</summary>
    public SymbolFiles Files { get; }

    /// <summary>Its named pieces.</summary>
    public CoreSymbols Symbols { get; }

    /// <summary>Its code.</summary>
    public CodeMap Code { get; }

    /// <summary>The pieces that tile it.</summary>
    public IReadOnlyList<Piece> Pieces { get; }

    /// <summary>Opens a core or an image of a key; its symbols lie in the same folder.</summary>
    /// <param name="path">The file, or the output folder of a build.</param>
    /// <exception cref="EmberException">
    /// It is neither, or without its symbols (exit code 2), or an image that is damaged (1).
    /// </exception>
    public static FootprintTarget Open(string path)
    {
        string file = Directory.Exists(path) ? new BuildFolder(path).Image : path;
        string folder = System.IO.Path.GetDirectoryName(file) ?? "";
        if (!File.Exists(file))
        {
            throw new EmberException(ErrorKind.Input, $"{file}: not found; give a core.efi, an image, or an appliance's folder");
        }

        if (IsExecutable(file))
        {
            PeImage alone = PeImage.Read(file);
            return new FootprintTarget(file, alone, SymbolFiles.Of(alone, folder), key: null);
        }

        using FileStream image = File.OpenRead(file);
        KeyAttribution key = KeyAttribution.Read(file, image);
        PeImage core = key.ReadCore();
        return new FootprintTarget(file, core, SymbolFiles.Of(core, folder), key);
    }

    /// <summary>The tree of the whole file.</summary>
    /// <param name="runTime">Memory that the running core takes besides its image; none when nothing told.</param>
    public FootprintNode Tree(IReadOnlyList<Piece> runTime)
    {
        string name = System.IO.Path.GetFileName(Path);
        FootprintNode core = FootprintTree.Build(name, Pieces);
        FootprintNode file = _key is null ? core : _key.Tree(name, core);
        return runTime.Count == 0 ? file : FootprintTree.Gather(name, [.. file.Children, .. FootprintTree.Build(name, runTime).Children]);
    }

    /// <summary>Why everything is in it.</summary>
    /// <exception cref="EmberException">The compiler's dependency graph is none (exit code 2).</exception>
    public RetentionGraph Retention() => RetentionGraph.Read(Files, Symbols, Core, Code);

    /// <summary>What it takes, for later builds to be held against.</summary>
    public FootprintSnapshot Snapshot() => FootprintSnapshot.Of(Core, Files, Pieces) with { Name = Path };

    /// <summary>Holds it against every rule of <c>sdk/docs/assurance.md</c>.</summary>
    /// <exception cref="EmberException">One of the assemblies beside it is none (exit code 2).</exception>
    public AuditReport Audit()
    {
        AuditReport machineCode = CoreAudit.Run(Core, Symbols.All, AuditPolicy.Core, Code);
        return new AuditReport([.. machineCode.Rules, LoopAudit.Run(Code, Files)]);
    }

    /// <summary>Writes its code for people.</summary>
    public CoreListings Listings() => new(Symbols, Code, SourceLines.Read(Files.ObjectFile));

    private static bool IsExecutable(string file)
    {
        using FileStream stream = File.OpenRead(file);
        return stream.ReadByte() == 'M' && stream.ReadByte() == 'Z';
    }
}
