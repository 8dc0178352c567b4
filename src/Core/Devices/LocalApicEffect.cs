namespace Ember.Core.Devices;

/// <summary>What a write to a register of a local APIC leads to.</summary>
public enum LocalApicEffect : byte
{
    /// <summary>Nothing outside the APIC.</summary>
    None,

    /// <summary>An end of interrupt to broadcast to the I/O APICs.</summary>
    EndOfInterrupt,

    /// <summary>There is no such register, or it cannot be written, or reserved bits were set.</summary>
    Illegal,
}
