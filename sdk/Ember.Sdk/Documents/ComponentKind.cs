namespace Ember.Sdk.Documents;

/// <summary>What a component of an appliance is.</summary>
public enum ComponentKind
{
    /// <summary>The whole that is delivered.</summary>
    Appliance,

    /// <summary>A file on the key.</summary>
    KeyFile,

    /// <summary>Ember itself, of which loader and core are compiled.</summary>
    Ember,

    /// <summary>A package as a distribution delivers it.</summary>
    Package,

    /// <summary>The source of a package, or of code that is linked into one.</summary>
    Source,
}
