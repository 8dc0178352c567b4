using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Core.Virtualization;

/// <summary>
/// A guest's general-purpose registers in the order instructions number them, and XMM0 to XMM5, which compiled code may overwrite.
/// The world-switch stubs know these offsets.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 0x100)]
internal struct GuestRegisters
{
    [FieldOffset(0x00)]
    public ulong Rax;

    [FieldOffset(0x08)]
    public ulong Rcx;

    [FieldOffset(0x10)]
    public ulong Rdx;

    [FieldOffset(0x18)]
    public ulong Rbx;

    /// <summary>Kept by the back end; valid after an exit.</summary>
    [FieldOffset(0x20)]
    public ulong Rsp;

    [FieldOffset(0x28)]
    public ulong Rbp;

    [FieldOffset(0x30)]
    public ulong Rsi;

    [FieldOffset(0x38)]
    public ulong Rdi;

    [FieldOffset(0x80)]
    private VolatileVectors _vectors;

    /// <summary>On VMX the exit reason of the last exit, as the world switch has read it; 32 bits count.</summary>
    [FieldOffset(0xE0)]
    public ulong ExitReason;

    /// <summary>On VMX the length of the instruction that caused it; 32 bits count.</summary>
    [FieldOffset(0xE8)]
    public ulong ExitLength;

    /// <summary>On VMX the guest's RIP at it.</summary>
    [FieldOffset(0xF0)]
    public ulong ExitRip;

    /// <summary>On VMX the guest's interruptibility state at it; 32 bits count.</summary>
    [FieldOffset(0xF8)]
    public ulong ExitInterruptibility;

    /// <summary>A register by its number, 0 to 15.</summary>
    public ref ulong this[int number] => ref Unsafe.Add(ref Unsafe.AsRef(in Rax), number & 15);

    /// <summary>What of a register takes part in an operation of 2, 4 or 8 bytes.</summary>
    public static ulong Part(ulong register, int bytes) => bytes switch
    {
        2 => (ushort)register,
        4 => (uint)register,
        _ => register,
    };

    /// <summary>Writes that part as instructions do: 4 bytes clear the upper half, 2 leave all others as they are.</summary>
    public static void SetPart(ref ulong register, ulong value, int bytes) => register = bytes switch
    {
        2 => (register & ~0xFFFFUL) | (ushort)value,
        4 => (uint)value,
        _ => value,
    };

    [InlineArray(12)]
    private struct VolatileVectors
    {
        private ulong _first;
    }
}
