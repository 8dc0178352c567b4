using System.Collections.Generic;

namespace Ember.Sdk.Payloads;

/// <summary>Which payloads a machine uses.</summary>
/// <param name="Kernel">Index of its kernel in the list of payloads.</param>
/// <param name="Modules">Indexes of its modules.</param>
public sealed record MachinePayloads(int Kernel, IReadOnlyList<int> Modules);
