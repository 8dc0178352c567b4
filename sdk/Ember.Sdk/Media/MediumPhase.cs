namespace Ember.Sdk.Media;

/// <summary>What writing a key is at, in order.</summary>
public enum MediumPhase
{
    /// <summary>The image is read and checked; the medium is as it was.</summary>
    Reading,

    /// <summary>Marks are written all over the medium, to measure it.</summary>
    Marking,

    /// <summary>The marks are read back.</summary>
    Measuring,

    /// <summary>The medium is read to find what differs; it is as it was.</summary>
    Comparing,

    /// <summary>Everything but the first block is written.</summary>
    Writing,

    /// <summary>Everything but the first block is read back.</summary>
    Verifying,
}
