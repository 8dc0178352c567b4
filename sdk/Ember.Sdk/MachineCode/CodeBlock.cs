using System.Collections.Generic;

namespace Ember.Sdk.MachineCode;

/// <summary>
/// Instructions that run one after the other: entered only at the first, left only behind the last. A call does not end one.
/// </summary>
/// <param name="Rva">Where it starts.</param>
/// <param name="First">Its first instruction, as an index into <see cref="CodeFunction.Instructions"/>.</param>
/// <param name="Count">Its instructions.</param>
/// <param name="Successors">
/// The blocks of the same function that may run next, as indices into <see cref="CodeFunction.Blocks"/>, ascending.
/// </param>
public sealed record CodeBlock(uint Rva, int First, int Count, IReadOnlyList<int> Successors);
