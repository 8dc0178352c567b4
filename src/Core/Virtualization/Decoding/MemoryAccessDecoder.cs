using System;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>
/// Takes apart the instructions that guests use on device memory: MOV in all its general-register forms, MOVZX, MOVSX, MOVSXD,
/// ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, XCHG, STOS, LODS and MOVS.
/// </summary>
public static class MemoryAccessDecoder
{
    private const byte Rax = 0;
    private const byte Rsi = 6;
    private const byte Rdi = 7;

    /// <summary>Decodes the instruction at the start of some bytes.</summary>
    /// <param name="bytes">Guest code; what the instruction does not need is not looked at.</param>
    /// <param name="mode">How the guest's code segment decodes it.</param>
    /// <param name="access">The instruction; meaningless on false.</param>
    /// <returns>
    /// False if it is none of those above, does not access memory, is illegally formed, or goes on behind the bytes given.
    /// </returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, OperatingMode mode, out MemoryAccess access)
    {
        access = default;
        InstructionCursor cursor = new(bytes);
        if (!InstructionPrefixes.TryRead(ref cursor, mode, out InstructionPrefixes prefixes, out byte opcode)
            || !TryReadOpcode(ref cursor, prefixes, mode, opcode, ref access))
        {
            return false;
        }

        if (prefixes.Lock)
        {
            if (access.Operation > MemoryOperation.Exchange
                || access.Operation is MemoryOperation.Compare or MemoryOperation.Test
                || (access.Flags & MemoryAccessFlags.RegisterIsDestination) != 0)
            {
                return false;
            }

            access.Flags |= MemoryAccessFlags.Lock;
        }

        access.Length = (byte)cursor.Position;
        return true;
    }

    private static bool TryReadOpcode(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, byte opcode, ref MemoryAccess access)
    {
        // All but the exceptions below choose a byte or the operand size by bit 0.
        byte bytes = (opcode & 1) == 0 ? (byte)1 : prefixes.OperandBytes;
        access.MemoryBytes = bytes;
        access.RegisterBytes = bytes;
        if (opcode < 0x40 && (opcode & 7) < 4)
        {
            access.Operation = (MemoryOperation)(opcode >> 3);
            access.Flags = (opcode & 2) != 0 ? MemoryAccessFlags.RegisterIsDestination : MemoryAccessFlags.None;
            return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
        }

        switch (opcode)
        {
            case 0x0F:
                return TryReadExtendingLoad(ref cursor, prefixes, mode, ref access);
            case 0x63:
                // With an operand size of 16 bits the makers differ in how much is read.
                access.Operation = MemoryOperation.Load;
                access.Flags = MemoryAccessFlags.RegisterIsDestination | MemoryAccessFlags.SignExtend;
                access.MemoryBytes = 4;
                return mode == OperatingMode.Bits64 && bytes != 2
                    && TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
            case 0x80:
            case 0x81:
                return TryReadImmediateForm(ref cursor, prefixes, mode, 0xFF, bytes, ref access);
            case 0x83:
                return TryReadImmediateForm(ref cursor, prefixes, mode, 0xFF, 1, ref access);
            case 0x84:
            case 0x85:
                access.Operation = MemoryOperation.Test;
                return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
            case 0x86:
            case 0x87:
                access.Operation = MemoryOperation.Exchange;
                return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
            case 0x88:
            case 0x89:
                access.Operation = MemoryOperation.Store;
                return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
            case 0x8A:
            case 0x8B:
                access.Operation = MemoryOperation.Load;
                access.Flags = MemoryAccessFlags.RegisterIsDestination;
                return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
            case 0xA0:
            case 0xA1:
                access.Operation = MemoryOperation.Load;
                access.Flags = MemoryAccessFlags.RegisterIsDestination;
                return TryReadOffsetForm(ref cursor, prefixes, ref access);
            case 0xA2:
            case 0xA3:
                access.Operation = MemoryOperation.Store;
                return TryReadOffsetForm(ref cursor, prefixes, ref access);
            case 0xA4:
            case 0xA5:
                SetString(MemoryOperation.MoveString, Rsi, prefixes.SegmentOr(SegmentRegister.Ds), prefixes, ref access);
                return true;
            case 0xAA:
            case 0xAB:
                SetString(MemoryOperation.StoreString, Rdi, SegmentRegister.Es, prefixes, ref access);
                return true;
            case 0xAC:
            case 0xAD:
                SetString(MemoryOperation.LoadString, Rsi, prefixes.SegmentOr(SegmentRegister.Ds), prefixes, ref access);
                access.Flags |= MemoryAccessFlags.RegisterIsDestination;
                return true;
            case 0xC6:
            case 0xC7:
                access.Operation = MemoryOperation.Store;
                return TryReadImmediateForm(ref cursor, prefixes, mode, 0x01, bytes, ref access);
            case 0xF6:
            case 0xF7:
                // Extension 1 is an undocumented second TEST.
                access.Operation = MemoryOperation.Test;
                return TryReadImmediateForm(ref cursor, prefixes, mode, 0x03, bytes, ref access);
            default:
                return false;
        }
    }

    /// <summary>MOVZX and MOVSX.</summary>
    private static bool TryReadExtendingLoad(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, ref MemoryAccess access)
    {
        if (!cursor.TryReadByte(out byte opcode) || (opcode & 0xF6) != 0xB6)
        {
            return false;
        }

        access.Operation = MemoryOperation.Load;
        access.Flags = MemoryAccessFlags.RegisterIsDestination
            | ((opcode & 8) != 0 ? MemoryAccessFlags.SignExtend : MemoryAccessFlags.None);
        access.MemoryBytes = (byte)(1 + (opcode & 1));
        access.RegisterBytes = prefixes.OperandBytes;
        return TryReadRegisterForm(ref cursor, prefixes, mode, ref access);
    }

    /// <summary>An operand in memory and one in a register, by ModRM.</summary>
    private static bool TryReadRegisterForm(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, ref MemoryAccess access)
    {
        if (!ModRm.TryRead(ref cursor, prefixes, mode, out ModRm modRm) || !modRm.IsMemory)
        {
            return false;
        }

        access.Operand = modRm.Memory;
        access.Register = modRm.Register;
        if (access.RegisterBytes == 1 && prefixes.Rex == 0 && modRm.Register >= 4)
        {
            access.Register -= 4;
            access.Flags |= MemoryAccessFlags.HighByte;
        }

        return true;
    }

    /// <summary>An operand in memory and an immediate; the reg field extends the opcode.</summary>
    /// <param name="extensions">A bit for every extension there is. With all eight it is the operation itself.</param>
    /// <param name="immediateBytes">Bytes of the immediate; 8 stands for 4, its sign extended.</param>
    private static bool TryReadImmediateForm(
        ref InstructionCursor cursor,
        in InstructionPrefixes prefixes,
        OperatingMode mode,
        int extensions,
        byte immediateBytes,
        ref MemoryAccess access)
    {
        if (!ModRm.TryRead(ref cursor, prefixes, mode, out ModRm modRm)
            || !modRm.IsMemory
            || ((extensions >> modRm.Extension) & 1) == 0)
        {
            return false;
        }

        if (extensions == 0xFF)
        {
            access.Operation = (MemoryOperation)modRm.Extension;
        }

        access.Operand = modRm.Memory;
        access.Flags = MemoryAccessFlags.Immediate;
        return cursor.TryReadSigned(immediateBytes == 8 ? 4 : immediateBytes, out access.Immediate);
    }

    /// <summary>rAX and an operand whose whole address is in the instruction.</summary>
    private static bool TryReadOffsetForm(ref InstructionCursor cursor, in InstructionPrefixes prefixes, ref MemoryAccess access)
    {
        access.Register = Rax;
        access.Operand.Base = MemoryOperand.NoRegister;
        access.Operand.Index = MemoryOperand.NoRegister;
        access.Operand.AddressBytes = prefixes.AddressBytes;
        access.Operand.Segment = prefixes.SegmentOr(SegmentRegister.Ds);
        return cursor.TryReadSigned(prefixes.AddressBytes, out access.Operand.Displacement);
    }

    private static void SetString(
        MemoryOperation operation, byte register, SegmentRegister segment, in InstructionPrefixes prefixes, ref MemoryAccess access)
    {
        access.Operation = operation;
        access.Flags = prefixes.Repeat != 0 ? MemoryAccessFlags.Repeat : MemoryAccessFlags.None;
        access.Register = Rax;
        access.Operand.Base = register;
        access.Operand.Index = MemoryOperand.NoRegister;
        access.Operand.AddressBytes = prefixes.AddressBytes;
        access.Operand.Segment = segment;
    }
}
