namespace Ember.Cli.Commands;

/// <summary>What a person asks <c>ember footprint</c> for.</summary>
internal sealed record FootprintSettings
{
    /// <summary>What to look at, as given.</summary>
    public required string Target { get; init; }

    /// <summary>Levels of the tree.</summary>
    public required int Depth { get; init; }

    /// <summary>Rows under one row.</summary>
    public required int Top { get; init; }

    /// <summary>What to tell why it is there; null for the whole.</summary>
    public required string? Why { get; init; }

    /// <summary>The method to disassemble; null for none.</summary>
    public required string? Method { get; init; }

    /// <summary>True: generics and equal methods.</summary>
    public required bool Groups { get; init; }

    /// <summary>The baseline or build to hold it against; null for none.</summary>
    public required string? Against { get; init; }

    /// <summary>Where to keep a baseline; null for nowhere.</summary>
    public required string? Save { get; init; }

    /// <summary>The file with a line for each build; null for none.</summary>
    public required string? History { get; init; }

    /// <summary>What to call the sources in the history; null to ask git.</summary>
    public required string? Revision { get; init; }

    /// <summary>A serial log that has what the core says of its memory; null for none.</summary>
    public required string? Log { get; init; }

    /// <summary>Where to write the page; null for nowhere.</summary>
    public required string? Html { get; init; }

    /// <summary>How to write the answer.</summary>
    public required FootprintFormat Format { get; init; }

    /// <summary>True: an appliance's folder is built first.</summary>
    public required bool Build { get; init; }

    /// <summary>True: missing host packages are installed.</summary>
    public required bool Install { get; init; }
}
