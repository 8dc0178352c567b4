using System.Collections.Generic;

namespace Ember.Sdk.Audit;

/// <summary>
/// Machine code that lies in the image as data, because it has to be copied to where it runs: every instruction of it, for no other rule
/// sees them.
/// </summary>
/// <param name="Data">The data, by its symbol.</param>
/// <param name="Parts">Its code, in the order in which it lies there; what follows the last part is data that it reads.</param>
public sealed record CopiedCode(string Data, IReadOnlyList<CopiedCodePart> Parts);

/// <summary>A run of instructions in one mode.</summary>
/// <param name="Bits">16, 32 or 64.</param>
/// <param name="Offset">Where in the data it begins.</param>
/// <param name="End">Where what may be INT3 behind it ends.</param>
/// <param name="Instructions">All of it, as Iced's Intel formatter writes them.</param>
public sealed record CopiedCodePart(int Bits, int Offset, int End, IReadOnlyList<string> Instructions);
