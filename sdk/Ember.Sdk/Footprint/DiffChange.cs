namespace Ember.Sdk.Footprint;

/// <summary>What became of something between two builds.</summary>
public enum DiffChange
{
    /// <summary>It takes more.</summary>
    Grown,

    /// <summary>It takes less.</summary>
    Shrunk,

    /// <summary>It was not there.</summary>
    Added,

    /// <summary>It is gone.</summary>
    Removed,

    /// <summary>It has another name or stands in another type or namespace; its size may have changed too.</summary>
    Moved,
}
