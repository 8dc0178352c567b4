namespace Ember.Core.Virtualization;

/// <summary>The guest's registers that decide how its linear addresses translate.</summary>
public struct PagingState
{
    public ulong Cr0;
    public ulong Cr3;
    public ulong Cr4;
    public ulong Efer;

    /// <summary>For RFLAGS.AC, which suspends supervisor-mode access prevention.</summary>
    public ulong Rflags;
}
