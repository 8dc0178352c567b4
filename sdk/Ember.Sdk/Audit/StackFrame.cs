using System.Collections.Generic;

namespace Ember.Sdk.Audit;

/// <summary>How deep a function's own part of the stack is at each of its instructions.</summary>
/// <param name="Depths">
/// Bytes below where RSP was at the entry, before each instruction, in the function's order; negative where nothing reaches.
/// From <see cref="NewStack"/> on they count from the top of the stack it switched to.
/// </param>
/// <param name="Deepest">The most of them, on the stack it is entered on.</param>
/// <param name="DeepestNew">The most of them, on the stack it switches to; 0 when it does not.</param>
/// <param name="UnknownStores">Stores relative to RSP whose place depends on an index.</param>
/// <param name="Flaws">What is wrong with it, by address.</param>
internal sealed record StackFrame(
    IReadOnlyList<int> Depths, int Deepest, int DeepestNew, int UnknownStores, IReadOnlyList<(uint Rva, string What)> Flaws)
{
    /// <summary>Added to depths on the new stack; more than any stack has.</summary>
    public const int NewStack = 1 << 28;
}
