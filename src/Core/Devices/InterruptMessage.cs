namespace Ember.Core.Devices;

/// <summary>Delivery modes of interrupt messages and local vector table entries (Intel SDM volume 3, 11.5.1 and 11.6.1).</summary>
public enum DeliveryMode : byte
{
    Fixed = 0,
    LowestPriority = 1,
    SystemManagement = 2,
    NonMaskable = 4,
    Init = 5,
    StartUp = 6,
    External = 7,
}

/// <summary>An interrupt on its way from an I/O APIC or a local APIC to local APICs.</summary>
public struct InterruptMessage
{
    /// <summary>APIC identifier, or set of logical identifiers. 0xFF and 0xFFFFFFFF reach everyone.</summary>
    public uint Destination;

    public byte Vector;
    public DeliveryMode Mode;

    /// <summary>Whether <see cref="Destination"/> is logical.</summary>
    public bool Logical;

    /// <summary>Whether the interrupt is level triggered.</summary>
    public bool Level;
}
