namespace Ember.Sdk.Manifests;

/// <summary>One key of a table.</summary>
internal sealed record TomlEntry(string Key, int Line, TomlNode Value);
