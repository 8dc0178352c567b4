namespace Ember.Sdk.Media.Refusals;

/// <summary>What is to be written, as far as rules ask for it.</summary>
public sealed record WriteIntent
{
    /// <summary>The image's length in bytes; 0 if there is none yet.</summary>
    public long ImageLength { get; init; }

    /// <summary>True if the image's file lies on the device.</summary>
    public bool HoldsImage { get; init; }

    /// <summary>True to allow what is larger than keys are.</summary>
    public bool AllowLarge { get; init; }

    /// <summary>True if the device's serial number was given with the command, not only typed in answer to what it showed.</summary>
    public bool IsNamed { get; init; }
}
