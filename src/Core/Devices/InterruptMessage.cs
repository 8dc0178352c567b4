namespace Ember.Core.Devices;

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
