using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>The one thing that somebody asked for.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Symbols">Its symbols, by address; at least one.</param>
internal sealed record SymbolMatch(string Name, IReadOnlyList<Symbol> Symbols);
