namespace Ember.Core.Virtualization.Decoding;

/// <summary>What an instruction does with its memory operand. The first eight are numbered as in the opcodes.</summary>
public enum MemoryOperation : byte
{
    Add,
    Or,
    AddWithCarry,
    SubtractWithBorrow,
    And,
    Subtract,
    ExclusiveOr,

    /// <summary>Subtracts and keeps only the flags.</summary>
    Compare,

    /// <summary>Ands and keeps only the flags.</summary>
    Test,

    /// <summary>Swaps register and memory, always as one locked access.</summary>
    Exchange,

    /// <summary>Memory into a register.</summary>
    Load,

    /// <summary>A register or immediate into memory.</summary>
    Store,

    /// <summary>LODS: [segment:rSI] into AL to RAX; rSI moves on.</summary>
    LoadString,

    /// <summary>STOS: AL to RAX into [ES:rDI]; rDI moves on.</summary>
    StoreString,

    /// <summary>MOVS: [segment:rSI] into [ES:rDI]; both move on. Either may be the one that faulted.</summary>
    MoveString,
}
