using System.Buffers.Binary;
using System.Collections.Generic;
using Ember.Sdk.MachineCode;
using Ember.Sdk.Pe;
using Ember.Sdk.Symbols;
using Iced.Intel;

namespace Ember.Sdk.Footprint.Retention;

/// <summary>What the bytes of a linked image refer to: for machine code that no compiler tells about.</summary>
internal static class MachineReferences
{
    /// <summary>The addresses that calls, jumps, other operands relative to RIP, and the loader's fixups in a symbol lead to.</summary>
    public static IEnumerable<uint> Of(PeImage image, CodeMap code, Symbol symbol)
    {
        foreach (Instruction instruction in code.StartingAt(symbol.Rva)?.Instructions ?? [])
        {
            if (instruction.Op0Kind == OpKind.NearBranch64)
            {
                yield return (uint)instruction.NearBranchTarget;
            }
            else if (instruction.IsIPRelativeMemoryOperand)
            {
                yield return (uint)instruction.IPRelativeMemoryAddress;
            }
        }

        foreach (uint fixup in image.Fixups)
        {
            if (fixup >= symbol.Rva && fixup < symbol.End && image.At(fixup, sizeof(ulong)) is { IsEmpty: false } address)
            {
                yield return (uint)(BinaryPrimitives.ReadUInt64LittleEndian(address) - image.ImageBase);
            }
        }
    }
}
