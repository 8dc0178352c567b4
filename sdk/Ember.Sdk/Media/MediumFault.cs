namespace Ember.Sdk.Media;

/// <summary>How a medium gave back something else than was written.</summary>
public enum MediumFault
{
    /// <summary>Bytes differ: its flash is bad.</summary>
    Damaged,

    /// <summary>What was written is not there: it says that it is larger than it is, or takes no writes any more.</summary>
    Dropped,

    /// <summary>What was written elsewhere is there: it says that it is larger than it is.</summary>
    Wrapped,
}
