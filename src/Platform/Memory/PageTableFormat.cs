namespace Ember.Platform.Memory;

/// <summary>What the entries of page tables look like. Both formats have the same levels, sizes and present bit.</summary>
public enum PageTableFormat : byte
{
    /// <summary>Long mode's (AMD APM volume 2, section 5.3), which AMD's nested tables share.</summary>
    LongMode,

    /// <summary>Intel's extended page tables (Intel SDM volume 3, section 28.3.2): no user bit, a memory type instead of PAT bits.</summary>
    Extended,
}
