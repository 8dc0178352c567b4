namespace Ember.Sdk.Manifests;

/// <summary>A value of a TOML document and the line it begins on.</summary>
/// <param name="Line">From 1.</param>
internal abstract record TomlNode(int Line)
{
    /// <summary>What to call it in a message: "a table".</summary>
    public abstract string Kind { get; }
}
