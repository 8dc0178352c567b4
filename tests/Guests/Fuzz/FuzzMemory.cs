using Ember.Guests.LongMode;

namespace Ember.Guests.Fuzz;

/// <summary>Where a <see cref="FuzzGuest"/> has what, by processor.</summary>
/// <param name="Number">The processor.</param>
internal sealed record FuzzMemory(int Number)
{
    /// <summary>Bytes of <see cref="Scratch"/>: one page of 2 MiB.</summary>
    public const int ScratchLength = 0x20_0000;

    /// <summary>What real mode may overwrite: a segment.</summary>
    public const int RealScratch = 0x8_0000;

    /// <summary>A page of code for the modes without 64 bits.</summary>
    public const int LegacyCode = 0x7000;

    /// <summary>Page directory of 32-bit paging.</summary>
    public const int LegacyDirectory = 0x40_8000;

    /// <summary>The local APIC.</summary>
    public const int ApicPage = unchecked((int)0xFEE0_0000);

    private const int FirstScratch = 0x80_0000;
    private const int FirstCage = 0x40_0000;
    private const uint FirstWindow = 0xE000_0000;
    private const int FirstStackTop = 0x7F_F000;

    /// <summary>Memory that user mode may use, and everything random may overwrite.</summary>
    public int Scratch => FirstScratch + (Number * ScratchLength);

    /// <summary>Page tables in which only scratch memory and interrupt stacks can be written to.</summary>
    public int Cage => FirstCage + (Number * 0x3000);

    /// <summary>Linear addresses whose entry in the page tables has random contents for a while.</summary>
    public uint Window => FirstWindow + (uint)(Number * ScratchLength);

    /// <summary>Where that entry is.</summary>
    public int WindowEntry => LongModeKernel.Directories + (int)(Window >> 21 << 3);

    /// <summary>Where every interrupt and exception pushes.</summary>
    public int InterruptStackTop => FirstStackTop - (Number * 0x1000);
}
