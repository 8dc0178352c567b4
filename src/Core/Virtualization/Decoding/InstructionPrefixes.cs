using Ember.Platform.Auditing;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>What precedes an opcode: the legacy prefixes and REX (AMD APM volume 3, 1.2).</summary>
internal struct InstructionPrefixes
{
    private const byte NoSegment = 0xFF;

    private byte _segment;

    /// <summary>The operand-size prefix 66.</summary>
    public bool OperandSize;

    /// <summary>LOCK, F0.</summary>
    public bool Lock;

    /// <summary>The last repeat prefix: F2, F3, or 0.</summary>
    public byte Repeat;

    /// <summary>The REX prefix directly before the opcode, 40 to 4F, or 0.</summary>
    public byte Rex;

    /// <summary>Bytes in an address: 2, 4 or 8.</summary>
    public byte AddressBytes;

    /// <summary>Bytes in an operand that is not a byte: 2, 4 or 8.</summary>
    public byte OperandBytes;

    public readonly int RexR => (Rex & 4) << 1;
    public readonly int RexX => (Rex & 2) << 2;
    public readonly int RexB => (Rex & 1) << 3;

    /// <summary>The segment override, or <paramref name="segment"/> if there is none that counts.</summary>
    public readonly SegmentRegister SegmentOr(SegmentRegister segment) =>
        _segment == NoSegment ? segment : (SegmentRegister)_segment;

    /// <summary>Reads prefixes and the first opcode byte behind them; false if the bytes end before it.</summary>
    [LoopBound(InstructionCursor.MaximumLength, "bytes of an instruction; each round reads one")]
    public static bool TryRead(ref InstructionCursor cursor, OperatingMode mode, out InstructionPrefixes prefixes, out byte opcode)
    {
        prefixes = default;
        prefixes._segment = NoSegment;
        bool addressSize = false;
        while (cursor.TryReadByte(out opcode))
        {
            switch (opcode)
            {
                case 0x26:
                case 0x2E:
                case 0x36:
                case 0x3E:
                    // In 64-bit mode these four are ignored, and do not undo an FS or GS override before them.
                    if (mode != OperatingMode.Bits64)
                    {
                        prefixes._segment = (byte)((opcode >> 3) & 3);
                    }

                    break;
                case 0x64:
                case 0x65:
                    prefixes._segment = (byte)(opcode - 0x64 + (int)SegmentRegister.Fs);
                    break;
                case 0x66:
                    prefixes.OperandSize = true;
                    break;
                case 0x67:
                    addressSize = true;
                    break;
                case 0xF0:
                    prefixes.Lock = true;
                    break;
                case 0xF2:
                case 0xF3:
                    prefixes.Repeat = opcode;
                    break;
                default:
                    if (mode == OperatingMode.Bits64 && (opcode & 0xF0) == 0x40)
                    {
                        prefixes.Rex = opcode;
                        continue;
                    }

                    prefixes.SetSizes(mode, addressSize);
                    return true;
            }

            // REX counts only directly before the opcode.
            prefixes.Rex = 0;
        }

        return false;
    }

    private void SetSizes(OperatingMode mode, bool addressSize)
    {
        bool wide = mode != OperatingMode.Bits16;
        OperandBytes = (Rex & 8) != 0 ? (byte)8 : wide != OperandSize ? (byte)4 : (byte)2;
        AddressBytes = mode == OperatingMode.Bits64 && !addressSize ? (byte)8
            : mode == OperatingMode.Bits64 || wide != addressSize ? (byte)4 : (byte)2;
    }
}
