using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint;

/// <summary>Methods whose code is the same, or nearly.</summary>
/// <param name="IsExact">True: the same instructions to the same targets. False: the same instructions but for constants and targets.</param>
/// <param name="Bodies">The methods, by address.</param>
/// <param name="Wasted">Bytes of all of them but one.</param>
public sealed record DuplicateGroup(bool IsExact, IReadOnlyList<Symbol> Bodies, long Wasted);
