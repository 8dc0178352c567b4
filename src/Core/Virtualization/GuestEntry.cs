using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Virtualization;

/// <summary>
/// The processor at a guest's first instruction, as a boot protocol prescribes it: flat segments, interrupts off, and 64-bit mode
/// with paging or 32-bit protected mode without.
/// </summary>
internal struct GuestEntry
{
    /// <summary><see cref="OperatingMode.Bits64"/> or <see cref="OperatingMode.Bits32"/>.</summary>
    public OperatingMode Mode;
    public ulong Rip;
    public ulong Rsp;
    public ulong Rax;
    public ulong Rbx;
    public ulong Rsi;

    /// <summary>The page tables of 64-bit mode; 0 without paging.</summary>
    public ulong Cr3;
    public ulong GdtBase;
    public ushort GdtLimit;
    public ushort CodeSelector;
    public ushort DataSelector;
}
