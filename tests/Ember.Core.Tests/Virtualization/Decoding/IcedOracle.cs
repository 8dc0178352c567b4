using System;
using System.Collections.Generic;
using Ember.Core.Virtualization.Decoding;
using Iced.Intel;
using MemoryOperand = Ember.Core.Virtualization.Decoding.MemoryOperand;

namespace Ember.Core.Tests.Virtualization.Decoding;

/// <summary>What Iced's decoder says about the same bytes, put in the words of ours.</summary>
internal static class IcedOracle
{
    private static readonly HashSet<Mnemonic> _measured =
    [
        Mnemonic.Cpuid, Mnemonic.Hlt, Mnemonic.Pause, Mnemonic.Monitor, Mnemonic.Monitorx, Mnemonic.Mwait, Mnemonic.Mwaitx,
        Mnemonic.Rdmsr, Mnemonic.Wrmsr, Mnemonic.Rdtsc, Mnemonic.Rdtscp, Mnemonic.Rdpmc, Mnemonic.Invd, Mnemonic.Wbinvd,
        Mnemonic.Wbnoinvd, Mnemonic.Invlpg, Mnemonic.Xsetbv, Mnemonic.Clts, Mnemonic.Lmsw, Mnemonic.Smsw, Mnemonic.In,
        Mnemonic.Out, Mnemonic.Insb, Mnemonic.Insw, Mnemonic.Insd, Mnemonic.Outsb, Mnemonic.Outsw, Mnemonic.Outsd,
        Mnemonic.Vmcall, Mnemonic.Vmmcall, Mnemonic.Vmgexit, Mnemonic.Vmrun, Mnemonic.Vmload, Mnemonic.Vmsave, Mnemonic.Stgi,
        Mnemonic.Clgi, Mnemonic.Skinit, Mnemonic.Invlpga,
    ];

    private static readonly Dictionary<Mnemonic, MemoryOperation> _operations = new()
    {
        [Mnemonic.Add] = MemoryOperation.Add,
        [Mnemonic.Or] = MemoryOperation.Or,
        [Mnemonic.Adc] = MemoryOperation.AddWithCarry,
        [Mnemonic.Sbb] = MemoryOperation.SubtractWithBorrow,
        [Mnemonic.And] = MemoryOperation.And,
        [Mnemonic.Sub] = MemoryOperation.Subtract,
        [Mnemonic.Xor] = MemoryOperation.ExclusiveOr,
        [Mnemonic.Cmp] = MemoryOperation.Compare,
        [Mnemonic.Test] = MemoryOperation.Test,
        [Mnemonic.Xchg] = MemoryOperation.Exchange,
        [Mnemonic.Lodsb] = MemoryOperation.LoadString,
        [Mnemonic.Lodsw] = MemoryOperation.LoadString,
        [Mnemonic.Lodsd] = MemoryOperation.LoadString,
        [Mnemonic.Lodsq] = MemoryOperation.LoadString,
        [Mnemonic.Stosb] = MemoryOperation.StoreString,
        [Mnemonic.Stosw] = MemoryOperation.StoreString,
        [Mnemonic.Stosd] = MemoryOperation.StoreString,
        [Mnemonic.Stosq] = MemoryOperation.StoreString,
        [Mnemonic.Movsb] = MemoryOperation.MoveString,
        [Mnemonic.Movsw] = MemoryOperation.MoveString,
        [Mnemonic.Movsd] = MemoryOperation.MoveString,
        [Mnemonic.Movsq] = MemoryOperation.MoveString,
        [Mnemonic.Movzx] = MemoryOperation.Load,
        [Mnemonic.Movsx] = MemoryOperation.Load,
        [Mnemonic.Movsxd] = MemoryOperation.Load,
    };

    private static readonly Register[] _registers64 =
    [
        Register.RAX, Register.RCX, Register.RDX, Register.RBX, Register.RSP, Register.RBP, Register.RSI, Register.RDI,
        Register.R8, Register.R9, Register.R10, Register.R11, Register.R12, Register.R13, Register.R14, Register.R15,
    ];

    public static Instruction Decode(byte[] bytes, OperatingMode mode)
    {
        Decoder decoder = Decoder.Create(16 << (int)mode, new ByteArrayCodeReader(bytes));
        decoder.IP = 0;
        decoder.Decode(out Instruction instruction);
        return instruction;
    }

    /// <summary>The length our measuring decoder must give, or 0 if it must refuse.</summary>
    public static int ExpectedLength(in Instruction instruction)
    {
        bool move = instruction.Mnemonic == Mnemonic.Mov
            && (instruction.Op0Register.IsCR() || instruction.Op0Register.IsDR()
                || instruction.Op1Register.IsCR() || instruction.Op1Register.IsDR());
        // AMD's LOCK MOV CR0, another name for CR8 in 32-bit code, loses its LOCK in Iced but not its byte.
        bool alternativeCr8 = move && instruction.CodeSize != CodeSize.Code64
            && (instruction.Op0Register == Register.CR8 || instruction.Op1Register == Register.CR8);
        return !instruction.IsInvalid && !instruction.HasLockPrefix && !alternativeCr8
            && (move || _measured.Contains(instruction.Mnemonic))
            ? instruction.Length
            : 0;
    }

    /// <summary>What our memory access decoder must give; false if it must refuse.</summary>
    public static bool TryExpectAccess(in Instruction instruction, out MemoryAccess access)
    {
        access = default;
        if (instruction.IsInvalid || !TryGetOperation(instruction, out access.Operation)
            || instruction.Encoding != EncodingKind.Legacy)
        {
            return false;
        }

        access.Length = (byte)instruction.Length;
        access.MemoryBytes = (byte)instruction.MemorySize.GetSize();
        access.RegisterBytes = access.MemoryBytes;
        access.Flags = instruction.HasLockPrefix ? MemoryAccessFlags.Lock : MemoryAccessFlags.None;
        if (access.Operation >= MemoryOperation.LoadString)
        {
            ExpectString(instruction, ref access);
            return true;
        }

        int memory = instruction.Op0Kind == OpKind.Memory ? 0 : 1;
        if (instruction.GetOpKind(memory) != OpKind.Memory)
        {
            return false;
        }

        ExpectOperand(instruction, ref access.Operand);
        if (instruction.GetOpKind(1 - memory) != OpKind.Register)
        {
            access.Flags |= MemoryAccessFlags.Immediate;
            access.Immediate = instruction.Op1Kind == OpKind.Immediate8
                ? (sbyte)instruction.Immediate8
                : access.MemoryBytes switch
                {
                    1 => (sbyte)instruction.GetImmediate(1),
                    2 => (short)instruction.GetImmediate(1),
                    4 => (int)instruction.GetImmediate(1),
                    _ => (long)instruction.GetImmediate(1),
                };
            return true;
        }

        Register register = instruction.GetOpRegister(1 - memory);
        if (!register.IsGPR())
        {
            return false; // Segment registers
        }

        access.RegisterBytes = (byte)register.GetSize();
        access.Register = Number(register);
        access.Flags |= register is Register.AH or Register.CH or Register.DH or Register.BH
            ? MemoryAccessFlags.HighByte
            : MemoryAccessFlags.None;
        access.Flags |= instruction.Mnemonic is Mnemonic.Movsx or Mnemonic.Movsxd
            ? MemoryAccessFlags.SignExtend
            : MemoryAccessFlags.None;
        // XCHG and TEST give the same result whichever operand is named first.
        access.Flags |= memory == 1 && instruction.Mnemonic is not (Mnemonic.Xchg or Mnemonic.Test)
            ? MemoryAccessFlags.RegisterIsDestination
            : MemoryAccessFlags.None;
        return true;
    }

    private static bool TryGetOperation(in Instruction instruction, out MemoryOperation operation)
    {
        operation = instruction.Op0Kind == OpKind.Memory ? MemoryOperation.Store : MemoryOperation.Load;
        string code = instruction.Code.ToString();
        return instruction.Mnemonic == Mnemonic.Mov
            || (_operations.TryGetValue(instruction.Mnemonic, out operation)
                && instruction.Code != Code.Movsxd_r16_rm16
                && !code.EndsWith("_82", StringComparison.Ordinal)
                && !code.Contains("xmm", StringComparison.Ordinal));
    }

    private static void ExpectString(in Instruction instruction, ref MemoryAccess access)
    {
        access.Flags |= instruction.HasRepPrefix || instruction.HasRepnePrefix
            ? MemoryAccessFlags.Repeat
            : MemoryAccessFlags.None;
        access.Flags |= access.Operation == MemoryOperation.LoadString
            ? MemoryAccessFlags.RegisterIsDestination
            : MemoryAccessFlags.None;
        OpKind kind = access.Operation == MemoryOperation.StoreString ? instruction.Op0Kind : instruction.Op1Kind;
        (access.Operand.Base, access.Operand.AddressBytes) = kind switch
        {
            OpKind.MemorySegSI => ((byte)6, (byte)2),
            OpKind.MemorySegESI => ((byte)6, (byte)4),
            OpKind.MemorySegRSI => ((byte)6, (byte)8),
            OpKind.MemoryESDI => ((byte)7, (byte)2),
            OpKind.MemoryESEDI => ((byte)7, (byte)4),
            OpKind.MemoryESRDI => ((byte)7, (byte)8),
            _ => throw new InvalidOperationException($"{instruction} has operand kind {kind}"),
        };
        access.Operand.Index = MemoryOperand.NoRegister;
        access.Operand.Segment = access.Operation == MemoryOperation.StoreString
            ? SegmentRegister.Es
            : Segment(instruction.MemorySegment);
    }

    private static void ExpectOperand(in Instruction instruction, ref MemoryOperand operand)
    {
        bool relative = instruction.IsIPRelativeMemoryOperand;
        operand.Base = relative ? MemoryOperand.InstructionPointer : Number(instruction.MemoryBase);
        operand.Index = Number(instruction.MemoryIndex);
        operand.Scale = instruction.MemoryIndex == Register.None
            ? (byte)0
            : (byte)int.TrailingZeroCount(instruction.MemoryIndexScale);
        operand.Segment = Segment(instruction.MemorySegment);
        int bits = instruction.CodeSize == CodeSize.Code64 ? 64 : instruction.CodeSize == CodeSize.Code32 ? 32 : 16;
        operand.AddressBytes = (byte)AddressBytes(instruction, bits);
        // Iced gives the address itself for RIP-relative operands, and cuts others to the address size.
        operand.Displacement = (long)instruction.MemoryDisplacement64 - (relative ? instruction.Length : 0);
        operand.Displacement = operand.AddressBytes switch
        {
            2 => (short)operand.Displacement,
            4 => (int)operand.Displacement,
            _ => operand.Displacement,
        };
    }

    private static int AddressBytes(in Instruction instruction, int bits)
    {
        Register register = instruction.MemoryBase != Register.None ? instruction.MemoryBase : instruction.MemoryIndex;
        return register switch
        {
            Register.RIP => 8,
            Register.EIP => 4,
            Register.None => instruction.MemoryDisplSize switch
            {
                // Without a register the displacement is a whole address; only [disp32] in 64-bit code is narrower.
                2 => 2,
                4 => 4,
                8 => 8,
                _ => bits / 8,
            },
            _ => register.GetSize(),
        };
    }

    private static byte Number(Register register) => register == Register.None
        ? MemoryOperand.NoRegister
        : register is Register.AH or Register.CH or Register.DH or Register.BH
            ? (byte)(register - Register.AH)
            : (byte)Array.IndexOf(_registers64, register.GetFullRegister());

    private static SegmentRegister Segment(Register register) => (SegmentRegister)(register - Register.ES);
}
