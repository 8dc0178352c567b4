namespace Ember.Sdk.Validation;

/// <summary>How an emulated machine came to its end.</summary>
public enum MachineEnd
{
    /// <summary>It runs still, or was stopped from outside.</summary>
    None,

    /// <summary>What runs in it switched it off.</summary>
    PoweredOff,

    /// <summary>What runs in it reset it.</summary>
    Reset,

    /// <summary>The emulator ended although nothing in the machine asked for it.</summary>
    EmulatorDied,
}
