using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint;

/// <summary>Why a symbol is there, and what goes when it goes.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Sizes">What it takes with its unwind description and jump tables.</param>
/// <param name="Retained">What would go with it: its own sizes and those of everything that only it keeps.</param>
/// <param name="Dominator">The nearest symbol without which it would not be there; null when there is none, as for a root.</param>
/// <param name="Path">
/// The shortest way to it from a root, root first, itself last, by symbol name; a root may be a reason of the compiler's own,
/// <c>Runtime export</c>. Empty when nothing leads to it: nobody can say why it is there.
/// </param>
public sealed record SymbolReport(
    Symbol Symbol, Sizes Sizes, Sizes Retained, string? Dominator, IReadOnlyList<string> Path);
