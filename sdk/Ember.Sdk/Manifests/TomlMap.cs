using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>A table.</summary>
internal sealed record TomlMap(int Line) : TomlNode(Line)
{
    /// <summary>Every key with its value, in the document's order.</summary>
    public List<TomlEntry> Entries { get; } = [];

    public override string Kind => "a table";

    public TomlNode? Find(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
}
