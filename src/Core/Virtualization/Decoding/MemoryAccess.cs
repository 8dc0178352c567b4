namespace Ember.Core.Virtualization.Decoding;

/// <summary>An instruction that reads or writes memory, taken apart.</summary>
public struct MemoryAccess
{
    /// <summary>
    /// Where the operand lies. For <see cref="MemoryOperation.MoveString"/> the source; its destination is [ES:rDI].
    /// </summary>
    public MemoryOperand Operand;

    /// <summary>The other operand if <see cref="MemoryAccessFlags.Immediate"/>, its sign extended to 64 bits.</summary>
    public long Immediate;

    public MemoryOperation Operation;
    public MemoryAccessFlags Flags;

    /// <summary>Bytes read or written in memory: 1, 2, 4 or 8.</summary>
    public byte MemoryBytes;

    /// <summary>
    /// Bytes of the register that take part: 1, 2, 4 or 8. Differs from <see cref="MemoryBytes"/> in loads that extend. A
    /// destination of 4 bytes has the upper half of its 64-bit register zeroed.
    /// </summary>
    public byte RegisterBytes;

    /// <summary>General register number, 0 to 15, unless <see cref="MemoryAccessFlags.Immediate"/>.</summary>
    public byte Register;

    /// <summary>Bytes of the instruction, 1 to 15.</summary>
    public byte Length;
}
