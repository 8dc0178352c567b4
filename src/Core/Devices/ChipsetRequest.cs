namespace Ember.Core.Devices;

/// <summary>What the guest asks of the machine as a whole.</summary>
public enum ChipsetRequest : byte
{
    None,

    /// <summary>ACPI S5.</summary>
    PowerOff,

    /// <summary>A reset by port 0xCF9, 0x64 or 0x92.</summary>
    Reset,
}
