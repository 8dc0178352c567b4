namespace Ember.Sdk.Manifests;

/// <summary>A value of a type no manifest uses.</summary>
internal sealed record TomlOther(int Line, string Name) : TomlNode(Line)
{
    public override string Kind => Name;
}
