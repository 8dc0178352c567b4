using System.Collections.Generic;

namespace Ember.Sdk.Audit;

/// <summary>One way to run guests. Names are symbols.</summary>
/// <param name="Function">The function that every exit comes back to.</param>
/// <param name="WorldSwitches">The stubs that enter a guest.</param>
public sealed record ExitPath(string Function, IReadOnlyList<string> WorldSwitches);
