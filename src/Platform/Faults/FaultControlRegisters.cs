namespace Ember.Platform.Faults;

/// <summary>The control registers a fault dump shows (AMD APM volume 2, 3.1).</summary>
public struct FaultControlRegisters
{
    public ulong Cr0;

    /// <summary>The address whose access caused the last page fault.</summary>
    public ulong Cr2;

    public ulong Cr3;

    public ulong Cr4;
}
