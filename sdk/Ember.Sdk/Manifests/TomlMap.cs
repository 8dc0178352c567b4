using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>A table.</summary>
/// <param name="IsInline">Whether it is written between braces: a value, complete as it stands.</param>
internal sealed record TomlMap(int Line, bool IsInline = false) : TomlNode(Line)
{
    /// <summary>Every key with its value, in the document's order.</summary>
    public List<TomlEntry> Entries { get; } = [];

    public override string Kind => "a table";

    public TomlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
}
