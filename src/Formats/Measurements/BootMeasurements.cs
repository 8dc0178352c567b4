using System;

namespace Ember.Formats.Measurements;

/// <summary>
/// What the loader measures into a TPM 2.0 just before it starts the core. Nobody else extends these registers on an appliance, so that
/// their values follow from the bank alone. The events are of type EV_IPL (TCG PC Client Platform Firmware Profile, section 10.4.1), and
/// a zero follows the text of each.
/// </summary>
public static class BootMeasurements
{
    /// <summary>The register that <c>bank.manifest</c> extends, and with it the digest of every file of the bank.</summary>
    public const uint BankRegister = 11;

    /// <summary>The register that <c>appliance.plan</c> extends: the virtual machines and their command lines.</summary>
    public const uint PlanRegister = 12;

    /// <summary>EV_IPL.</summary>
    public const uint EventType = 0x0D;

    /// <summary>The text of the event for the manifest, ASCII.</summary>
    public static ReadOnlySpan<byte> BankEvent => "ember: bank.manifest"u8;

    /// <summary>The text of the event for the plan, ASCII.</summary>
    public static ReadOnlySpan<byte> PlanEvent => "ember: appliance.plan"u8;
}
