namespace Ember.Sdk.Manifests;

/// <summary>True or false.</summary>
internal sealed record TomlBoolean(int Line, bool Value) : TomlNode(Line)
{
    public override string Kind => "true or false";
}
