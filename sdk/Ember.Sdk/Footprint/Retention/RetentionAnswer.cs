using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>Why a member or a type is in a core, and what would go with it.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Symbols">What it was compiled to, by address.</param>
/// <param name="Sizes">What those take with their unwind descriptions and jump tables.</param>
/// <param name="Retained">What would go with all of them.</param>
/// <param name="Path">
/// The shortest way to one of them from a root, root first, by symbol name or the compiler's own reason; empty when nothing leads there.
/// </param>
/// <param name="Kept">What they keep and nothing else does, what keeps most first.</param>
public sealed record RetentionAnswer(
    string Name,
    IReadOnlyList<Symbol> Symbols,
    Sizes Sizes,
    Sizes Retained,
    IReadOnlyList<string> Path,
    IReadOnlyList<RetentionNode> Kept);
