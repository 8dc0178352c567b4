using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Payloads;

/// <summary>What an image holds besides the core.</summary>
/// <param name="Plan">The content of <see cref="Ember.Sdk.Banks.BankNames.Plan"/>.</param>
/// <param name="Payloads">The files that the plan names, each once.</param>
/// <param name="Logo">The picture that the loader shows; null for none.</param>
public sealed record CompiledAppliance(ReadOnlyMemory<byte> Plan, IReadOnlyList<PayloadFile> Payloads, PayloadFile? Logo = null)
{
    /// <summary>Every file beside the plan, the logo first: the loader shows it while it reads the others.</summary>
    public IEnumerable<PayloadFile> Files => Logo is null ? Payloads : Payloads.Prepend(Logo);

    /// <summary>The content of <see cref="Ember.Sdk.Banks.BankNames.UpdateAddress"/>; empty for none.</summary>
    public ReadOnlyMemory<byte> UpdateAddress { get; init; }
}
