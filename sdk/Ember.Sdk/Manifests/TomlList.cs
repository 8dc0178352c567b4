using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>An array, or an array of tables.</summary>
internal sealed record TomlList(int Line) : TomlNode(Line)
{
    public List<TomlNode> Items { get; } = [];

    public override string Kind => Items.Count > 0 && Items.All(item => item is TomlMap) ? "an array of tables" : "an array";
}
