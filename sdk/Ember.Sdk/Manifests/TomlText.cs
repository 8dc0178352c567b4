namespace Ember.Sdk.Manifests;

/// <summary>A string.</summary>
internal sealed record TomlText(int Line, string Value) : TomlNode(Line)
{
    public override string Kind => "a string";
}
