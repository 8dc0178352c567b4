using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Footprint;

/// <summary>All that one generic was compiled to.</summary>
/// <param name="Definition">Its type and member without their arguments.</param>
/// <param name="Sizes">What all of its shapes take.</param>
/// <param name="Shapes">The shapes, the largest first.</param>
public sealed record GenericGroup(string Definition, Sizes Sizes, IReadOnlyList<Symbol> Shapes);
