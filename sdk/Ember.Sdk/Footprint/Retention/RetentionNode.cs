using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>A symbol in a tree in which everything hangs under what alone keeps it.</summary>
/// <param name="Symbol">The symbol.</param>
/// <param name="Sizes">What it takes with its unwind description and jump tables.</param>
/// <param name="Retained">What it takes with everything under it.</param>
/// <param name="Children">What it alone keeps, what keeps most first.</param>
public sealed record RetentionNode(Symbol Symbol, Sizes Sizes, Sizes Retained, IReadOnlyList<RetentionNode> Children);
