using System;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>The ModRM byte with the SIB byte and displacement that follow it (AMD APM volume 3, 1.4).</summary>
internal struct ModRm
{
    private const int Rbp = 5;
    private const int Rsp = 4;

    /// <summary>16-bit addressing: base register by the r/m field.</summary>
    private static ReadOnlySpan<byte> Base16 => [3, 3, 5, 5, 6, 7, 5, 3];

    /// <summary>16-bit addressing: index register by the r/m field.</summary>
    private static ReadOnlySpan<byte> Index16 => [6, 7, 6, 7, 0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>The byte itself.</summary>
    public byte Value;

    /// <summary>The reg field with REX.R: a register's number, 0 to 15.</summary>
    public byte Register;

    /// <summary>Valid if <see cref="IsMemory"/>.</summary>
    public MemoryOperand Memory;

    /// <summary>The reg field alone: an opcode extension.</summary>
    public readonly int Extension => (Value >> 3) & 7;

    public readonly bool IsMemory => Value < 0xC0;

    /// <summary>Reads the byte and all that belongs to it; false if the bytes end before that.</summary>
    public static bool TryRead(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, out ModRm modRm)
    {
        modRm = default;
        if (!cursor.TryReadByte(out modRm.Value))
        {
            return false;
        }

        modRm.Register = (byte)(modRm.Extension | prefixes.RexR);
        return !modRm.IsMemory || modRm.TryReadMemory(ref cursor, prefixes, mode);
    }

    private bool TryReadMemory(ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode)
    {
        int mod = Value >> 6;
        int rm = Value & 7;
        int displacementBytes = mod;
        Memory.AddressBytes = prefixes.AddressBytes;
        Memory.Base = (byte)(rm | prefixes.RexB);
        Memory.Index = MemoryOperand.NoRegister;
        if (prefixes.AddressBytes == 2)
        {
            Memory.Base = Base16[rm];
            Memory.Index = Index16[rm];
            if (mod == 0 && rm == 6)
            {
                Memory.Base = MemoryOperand.NoRegister;
                displacementBytes = 2;
            }
        }
        else
        {
            displacementBytes = mod == 2 ? 4 : mod;
            if (rm == Rsp)
            {
                if (!cursor.TryReadByte(out byte sib))
                {
                    return false;
                }

                int index = ((sib >> 3) & 7) | prefixes.RexX;
                if (index != Rsp)
                {
                    Memory.Index = (byte)index;
                    Memory.Scale = (byte)(sib >> 6);
                }

                Memory.Base = (byte)((sib & 7) | prefixes.RexB);
            }

            if (mod == 0 && (Memory.Base & 7) == Rbp)
            {
                displacementBytes = 4;
                Memory.Base = rm == Rbp && mode == OperatingMode.Bits64
                    ? MemoryOperand.InstructionPointer
                    : MemoryOperand.NoRegister;
            }
        }

        SegmentRegister segment = Memory.Base is Rbp or Rsp ? SegmentRegister.Ss : SegmentRegister.Ds;
        Memory.Segment = prefixes.SegmentOr(segment);
        return cursor.TryReadSigned(displacementBytes, out Memory.Displacement);
    }
}
