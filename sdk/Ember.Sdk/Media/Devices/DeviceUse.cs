namespace Ember.Sdk.Media.Devices;

/// <summary>Something that uses a device, or a partition of it, or what is made of those.</summary>
/// <param name="Kind">How it is used.</param>
/// <param name="Device">The path of the very device that is used, fit to show.</param>
/// <param name="By">Where it is mounted or what holds it, fit to show; empty for swap.</param>
public sealed record DeviceUse(DeviceUseKind Kind, string Device, string By);
