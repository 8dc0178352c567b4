using System;
using System.Runtime.CompilerServices;

namespace Ember.Core.Virtualization.Decoding;

/// <summary>
/// Measures the instructions that the hypervisor intercepts and completes itself, for processors that do not save the
/// address of the next one (AMD APM volume 2, 15.7.1 "State Saved on Exit", nRIP).
/// </summary>
/// <remarks>
/// CPUID, HLT, PAUSE, MONITOR(X), MWAIT(X), RDMSR, WRMSR, RDTSC, RDTSCP, RDPMC, INVD, WBINVD, WBNOINVD, INVLPG, XSETBV, CLTS,
/// LMSW, SMSW, MOV to and from control and debug registers, IN, OUT, INS, OUTS, VMCALL, VMMCALL and the SVM instructions.
/// </remarks>
public static class InstructionLength
{
    /// <summary>Measures the instruction at the start of some bytes.</summary>
    /// <param name="bytes">Guest code; what the instruction does not need is not looked at.</param>
    /// <param name="mode">How the guest's code segment decodes it.</param>
    /// <param name="length">Its length, 1 to 15 bytes; 0 on false.</param>
    /// <returns>False if it is none of those above, is illegally formed, or goes on behind the bytes given.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryMeasure(ReadOnlySpan<byte> bytes, OperatingMode mode, out int length)
    {
        length = bytes.Length >= 2 ? OfCommon((ushort)(bytes[0] | (bytes[1] << 8))) : 0;
        return length != 0 || TryMeasureAny(bytes, mode, out length);
    }

    /// <summary>Measures CPUID, RDMSR, WRMSR and HLT without prefixes, which are nearly all there are.</summary>
    /// <param name="start">The first two bytes, the first in the low half.</param>
    /// <returns>1 or 2; 0 for anything else.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int OfCommon(ushort start) => start is 0xA20F or 0x300F or 0x320F ? 2 : (byte)start == 0xF4 ? 1 : 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryMeasureAny(ReadOnlySpan<byte> bytes, OperatingMode mode, out int length)
    {
        InstructionCursor cursor = new(bytes);
        bool known = InstructionPrefixes.TryRead(ref cursor, mode, out InstructionPrefixes prefixes, out byte opcode)
            && !prefixes.Lock
            && TryReadOpcode(ref cursor, prefixes, mode, opcode);
        length = known ? cursor.Position : 0;
        return known;
    }

    private static bool TryReadOpcode(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, byte opcode)
    {
        switch (opcode)
        {
            case 0x6C: // INS, OUTS
            case 0x6D:
            case 0x6E:
            case 0x6F:
            case 0xEC: // IN, OUT with DX
            case 0xED:
            case 0xEE:
            case 0xEF:
            case 0xF4: // HLT
                return true;
            case 0x90:
                return prefixes.Repeat == 0xF3; // PAUSE
            case 0xE4: // IN, OUT with an immediate port
            case 0xE5:
            case 0xE6:
            case 0xE7:
                return cursor.TryReadByte(out _);
            case 0x0F:
                return cursor.TryReadByte(out opcode) && TryReadSecondary(ref cursor, prefixes, mode, opcode);
            default:
                return false;
        }
    }

    /// <summary>The secondary opcode map, escaped by 0F (AMD APM volume 3, A.1.2).</summary>
    private static bool TryReadSecondary(
        ref InstructionCursor cursor, in InstructionPrefixes prefixes, OperatingMode mode, byte opcode)
    {
        switch (opcode)
        {
            case 0x06: // CLTS
            case 0x08: // INVD
            case 0x09: // WBINVD, WBNOINVD
            case 0x30: // WRMSR
            case 0x31: // RDTSC
            case 0x32: // RDMSR
            case 0x33: // RDPMC
            case 0xA2: // CPUID
                return true;
            case 0x01:
                return ModRm.TryRead(ref cursor, prefixes, mode, out ModRm modRm) && IsKnownGroup7(modRm, prefixes);
            case 0x20: // MOV with CRn
            case 0x22:
                // CR0, CR2, CR3, CR4 and CR8 exist.
                return cursor.TryReadByte(out byte value) && ((0x11D >> (((value >> 3) & 7) | prefixes.RexR)) & 1) != 0;
            case 0x21: // MOV with DRn
            case 0x23:
                return cursor.TryReadByte(out _) && prefixes.RexR == 0;
            default:
                return false;
        }
    }

    /// <summary>Opcode 0F 01: group 7 (AMD APM volume 3, tables ).</summary>
    private static bool IsKnownGroup7(in ModRm modRm, in InstructionPrefixes prefixes)
    {
        if (modRm.Extension is 4 or 6)
        {
            return true; // SMSW, LMSW
        }

        if (modRm.IsMemory)
        {
            return modRm.Extension == 7; // INVLPG
        }

        switch (modRm.Value)
        {
            case 0xC1: // VMCALL
            case 0xC8: // MONITOR
            case 0xC9: // MWAIT
            case 0xD1: // XSETBV
            case 0xFA: // MONITORX
            case 0xFB: // MWAITX
                // With one of these prefixes the same bytes are another instruction, or none.
                return prefixes.Repeat == 0 && !prefixes.OperandSize;
            case 0xF9: // RDTSCP
                return true;
            default:
                return modRm.Extension == 3; // VMRUN, VMMCALL, VMLOAD, VMSAVE, STGI, CLGI, SKINIT, INVLPGA
        }
    }
}
