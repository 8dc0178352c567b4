using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Ember.Sdk.Audit.Loops;

/// <summary>An instruction of a method's IL (ECMA-335, partition III).</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="End">Where the next one begins.</param>
/// <param name="OpCode">What it does.</param>
/// <param name="Token">The method, type or field it names; 0 for none.</param>
/// <param name="Targets">Where it may jump to.</param>
internal sealed record IlInstruction(int Offset, int End, ILOpCode OpCode, int Token, ImmutableArray<int> Targets)
{
    /// <summary>Whether the next instruction may follow it.</summary>
    public bool FallsThrough => OpCode is not (
        ILOpCode.Br or ILOpCode.Br_s or ILOpCode.Leave or ILOpCode.Leave_s or ILOpCode.Ret or ILOpCode.Throw or ILOpCode.Rethrow
        or ILOpCode.Endfinally or ILOpCode.Endfilter or ILOpCode.Jmp);
}
