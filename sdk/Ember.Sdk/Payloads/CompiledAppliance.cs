using System;
using System.Collections.Generic;

namespace Ember.Sdk.Payloads;

/// <summary>What an image holds besides the core.</summary>
/// <param name="Plan">The content of <see cref="Ember.Sdk.Banks.BankNames.Plan"/>.</param>
/// <param name="Payloads">The files beside it, each once.</param>
public sealed record CompiledAppliance(ReadOnlyMemory<byte> Plan, IReadOnlyList<PayloadFile> Payloads);
