namespace Ember.Sdk.Manifests;

/// <summary>An integer.</summary>
internal sealed record TomlInteger(int Line, long Value) : TomlNode(Line)
{
    public override string Kind => "a number";
}
