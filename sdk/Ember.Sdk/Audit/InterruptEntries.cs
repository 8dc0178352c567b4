using System.Collections.Generic;
using Ember.Sdk.MachineCode;

namespace Ember.Sdk.Audit;

/// <summary>How interrupts are entered: the processor aligns RSP to 16 and pushes 40 bytes, for some vectors also an error code.</summary>
/// <param name="Table">The entries, one a vector.</param>
/// <param name="ErrorCodeVectors">Vectors for which the processor pushes an error code.</param>
/// <param name="Parts">
/// Functions that the entries jump to, which do not return but end the interrupt, and the bytes that lie above the processor's 40 when
/// they are entered.
/// </param>
/// <param name="Stacks">Vectors that switch to a stack of their own, by stack; those of the rest use the stack they come on.</param>
/// <param name="StackBytes">Bytes of each stack that may be used.</param>
public sealed record InterruptEntries(
    CodeTable Table,
    IReadOnlyList<int> ErrorCodeVectors,
    IReadOnlyDictionary<string, int> Parts,
    IReadOnlyList<string> Stacks,
    uint StackBytes)
{
    /// <summary>Bytes that the processor pushes: SS, RSP, RFLAGS, CS and RIP (AMD APM volume 2, section 8.9.3).</summary>
    public const uint FrameBytes = 40;

    /// <summary>Bytes that aligning the stack pointer may leave unused.</summary>
    public const uint AlignmentBytes = 8;
}
