namespace Ember.Sdk.Payloads;

/// <summary>Which payloads a machine uses.</summary>
/// <param name="Kernel">Index of its kernel in the list of payloads.</param>
/// <param name="Initrd">Index of its initial RAM disk, if it has one.</param>
public sealed record MachinePayloads(int Kernel, int? Initrd);
