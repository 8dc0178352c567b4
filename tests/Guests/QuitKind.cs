namespace Ember.Guests;

/// <summary>How a <see cref="QuitGuest"/> ends.</summary>
public enum QuitKind
{
    /// <summary>Powers off by ACPI.</summary>
    PowerOff,

    /// <summary>Resets by the port that the ACPI tables name.</summary>
    Reset,

    /// <summary>Loads an empty interrupt table and raises #UD, which leads to a triple fault.</summary>
    TripleFault,
}
