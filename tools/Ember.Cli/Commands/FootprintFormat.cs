namespace Ember.Cli.Commands;

/// <summary>How <c>ember footprint</c> writes its answer.</summary>
internal enum FootprintFormat
{
    /// <summary>For a person at a terminal.</summary>
    Text,

    /// <summary>For a program.</summary>
    Json,

    /// <summary>For a spreadsheet.</summary>
    Csv,

    /// <summary>For a page or a discussion.</summary>
    Markdown,
}
