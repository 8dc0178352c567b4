using System.Collections.Generic;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Audit.Loops;

/// <summary>The loops in the machine code of a function, and what it calls. Addresses count from the image's base.</summary>
/// <param name="Function">The function.</param>
/// <param name="Headers">Where its loops begin: each address once that a jump goes back to, but those of <paramref name="Blocks"/>.</param>
/// <param name="Blocks">What clears or copies blocks of memory: instructions that repeat themselves, and loops of prologues.</param>
/// <param name="Calls">The functions that it calls or ends in, one for each place where it does.</param>
public sealed record FunctionLoops(
    Symbol Function, IReadOnlyList<uint> Headers, IReadOnlyList<CompilerLoop> Blocks, IReadOnlyList<uint> Calls);
