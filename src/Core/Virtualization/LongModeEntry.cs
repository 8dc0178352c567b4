namespace Ember.Core.Virtualization;

/// <summary>Registers a 64-bit boot protocol prescribes.</summary>
internal struct LongModeEntry
{
    public ulong Rip;
    public ulong Rsp;
    public ulong Rsi;
    public ulong Cr3;
    public ulong GdtBase;
    public ushort GdtLimit;
    public ushort CodeSelector;
    public ushort DataSelector;
}
