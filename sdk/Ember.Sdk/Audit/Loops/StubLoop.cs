using System.Collections.Generic;

namespace Ember.Sdk.Audit.Loops;

/// <summary>
/// Machine code that may loop on the path of an exit: because the compiler alone calls it, for structures of fixed size, or because it
/// is the path's end.
/// </summary>
/// <param name="Why">What bounds it.</param>
/// <param name="Callers">
/// The methods that may call it there: the compiler's helpers, which no method there may call by itself. Null: all, because it halts the
/// processor for good.
/// </param>
public sealed record StubLoop(string Why, IReadOnlyList<string>? Callers);
