using System.Collections.Generic;

namespace Ember.Sdk.Footprint;

/// <summary>The machine code of a function, for people.</summary>
/// <param name="Symbol">The function's symbol.</param>
/// <param name="Lines">Its instructions.</param>
public sealed record MethodListing(string Symbol, IReadOnlyList<ListingLine> Lines);
