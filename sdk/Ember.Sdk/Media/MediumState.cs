namespace Ember.Sdk.Media;

/// <summary>What a medium is worth at the moment.</summary>
public enum MediumState
{
    /// <summary>Nothing was written: what was on it is on it still.</summary>
    Untouched,

    /// <summary>It has no first block: nothing boots from it.</summary>
    Cleared,

    /// <summary>The image is on it, whole and read back.</summary>
    Complete,
}
