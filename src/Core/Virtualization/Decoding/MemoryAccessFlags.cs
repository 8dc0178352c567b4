using System;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>Particulars of a <see cref="MemoryAccess"/>.</summary>
[Flags]
public enum MemoryAccessFlags : byte
{
    None = 0,

    /// <summary>The register is AH, CH, DH or BH: bits 15 to 8 of register 0 to 3.</summary>
    HighByte = 1,

    /// <summary>A load that is wider in the register than in memory repeats the sign; without it, zeros.</summary>
    SignExtend = 2,

    /// <summary>The other operand is the immediate, not a register.</summary>
    Immediate = 4,

    /// <summary>The result goes into the register; without it, memory is the destination.</summary>
    RegisterIsDestination = 8,

    /// <summary>A string instruction with a repeat prefix: rCX times.</summary>
    Repeat = 16,

    /// <summary>LOCK was given.</summary>
    Lock = 32,
}
