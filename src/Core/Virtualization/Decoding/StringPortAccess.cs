using System;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>INS or OUTS, taken apart (AMD APM volume 3, chapter 3).</summary>
public struct StringPortAccess
{
    private const byte FirstOpcode = 0x6C;
    private const byte LastOpcode = 0x6F;

    /// <summary>INS: from the port into [ES:rDI]. Else OUTS: to the port from [<see cref="Segment"/>:rSI].</summary>
    public bool IsInput;

    /// <summary>REP: as often as rCX says.</summary>
    public bool Repeats;

    /// <summary>Bytes of an element: 1, 2 or 4.</summary>
    public byte ElementBytes;

    /// <summary>Bytes of rDI, rSI and rCX that take part: 2, 4 or 8.</summary>
    public byte AddressBytes;

    /// <summary>Where the memory lies.</summary>
    public SegmentRegister Segment;

    /// <summary>Bytes of the instruction, 1 to 15.</summary>
    public byte Length;

    /// <summary>Decodes the instruction at the start of some bytes.</summary>
    /// <param name="bytes">Guest code; what the instruction does not need is not looked at.</param>
    /// <param name="mode">How the guest's code segment decodes it.</param>
    /// <param name="access">The instruction; meaningless on false.</param>
    /// <returns>False if it is neither of them, is illegally formed, or goes on behind the bytes given.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, OperatingMode mode, out StringPortAccess access)
    {
        access = default;
        InstructionCursor cursor = new(bytes);
        if (!InstructionPrefixes.TryRead(ref cursor, mode, out InstructionPrefixes prefixes, out byte opcode)
            || opcode is < FirstOpcode or > LastOpcode || prefixes.Lock)
        {
            return false;
        }

        access.IsInput = (opcode & 2) == 0;
        access.Repeats = prefixes.Repeat != 0;
        access.ElementBytes = (opcode & 1) == 0 ? (byte)1 : prefixes.OperandBytes == 8 ? (byte)4 : prefixes.OperandBytes;
        access.AddressBytes = prefixes.AddressBytes;
        access.Segment = access.IsInput ? SegmentRegister.Es : prefixes.SegmentOr(SegmentRegister.Ds);
        access.Length = (byte)cursor.Position;
        return true;
    }
}
