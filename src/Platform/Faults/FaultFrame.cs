using System.Runtime.InteropServices;

namespace Ember.Platform.Faults;

/// <summary>
/// What lies on the stack when an interrupt or exception reaches C#: the general registers our entry stub pushed, the vector,
/// the error code (zero where the processor pushes none) and the processor's own interrupt frame (AMD APM volume 2, 8.9.3).
/// Lowest address first.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = FrameSize)]
public struct FaultFrame
{
    /// <summary>Size in bytes.</summary>
    public const int FrameSize = 176;

    [FieldOffset(0)]
    public ulong R15;

    [FieldOffset(8)]
    public ulong R14;

    [FieldOffset(16)]
    public ulong R13;

    [FieldOffset(24)]
    public ulong R12;

    [FieldOffset(32)]
    public ulong R11;

    [FieldOffset(40)]
    public ulong R10;

    [FieldOffset(48)]
    public ulong R9;

    [FieldOffset(56)]
    public ulong R8;

    [FieldOffset(64)]
    public ulong Rbp;

    [FieldOffset(72)]
    public ulong Rdi;

    [FieldOffset(80)]
    public ulong Rsi;

    [FieldOffset(88)]
    public ulong Rdx;

    [FieldOffset(96)]
    public ulong Rcx;

    [FieldOffset(104)]
    public ulong Rbx;

    [FieldOffset(112)]
    public ulong Rax;

    /// <summary>The vector as the stub pushed it: the low byte counts, the bits above are its sign.</summary>
    [FieldOffset(120)]
    public ulong PushedVector;

    [FieldOffset(128)]
    public ulong ErrorCode;

    [FieldOffset(136)]
    public ulong Rip;

    [FieldOffset(144)]
    public ulong Cs;

    [FieldOffset(152)]
    public ulong Rflags;

    [FieldOffset(160)]
    public ulong Rsp;

    [FieldOffset(168)]
    public ulong Ss;

    /// <summary>The interrupt vector, 0 to 255.</summary>
    public readonly byte Vector => (byte)PushedVector;
}
