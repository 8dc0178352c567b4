namespace Ember.Core.Virtualization.Decoding;

/// <summary>
/// Where in memory an instruction's operand lies: (base + (index &lt;&lt; scale) + displacement), cut to
/// <see cref="AddressBytes"/>, within a segment (AMD APM volume 1, 2.2.4).
/// </summary>
public struct MemoryOperand
{
    /// <summary>In <see cref="Base"/> or <see cref="Index"/>: there is none.</summary>
    public const byte NoRegister = 0xFF;

    /// <summary>In <see cref="Base"/>: the address of the next instruction.</summary>
    public const byte InstructionPointer = 16;

    /// <summary>Added to base and index, its sign extended.</summary>
    public long Displacement;

    /// <summary>General register number 0 to 15, <see cref="InstructionPointer"/> or <see cref="NoRegister"/>.</summary>
    public byte Base;

    /// <summary>General register number 0 to 15 or <see cref="NoRegister"/>.</summary>
    public byte Index;

    /// <summary>The index is shifted left by this, 0 to 3.</summary>
    public byte Scale;

    /// <summary>Bytes in the address: 2, 4 or 8.</summary>
    public byte AddressBytes;

    /// <summary>The segment, overrides applied. In 64-bit mode the bases of all but FS and GS are 0.</summary>
    public SegmentRegister Segment;
}
