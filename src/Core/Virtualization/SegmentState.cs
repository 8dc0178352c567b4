namespace Ember.Core.Virtualization;

/// <summary>A segment register of the guest with what the processor keeps of its descriptor.</summary>
internal struct SegmentState
{
    private const uint Code = 1 << 3;
    private const uint ExpandsDown = 1 << 2;
    private const uint WritableOrReadable = 1 << 1;
    private const uint Present = 1 << 7;
    private const uint DefaultSize = 1 << 14;

    public ulong Base;

    public uint Limit;

    /// <summary>Bits 40 to 55 of the descriptor, at 0 to 15.</summary>
    public uint Rights;

    /// <summary>Whether it allows an access outside 64-bit mode (AMD APM volume 2, section 4.12).</summary>
    /// <param name="offset">Of the first byte, 32 bits.</param>
    /// <param name="size">Bytes, not 0.</param>
    /// <param name="write">A write, or a read.</param>
    public readonly bool Allows(ulong offset, int size, bool write)
    {
        bool isCode = (Rights & Code) != 0;
        bool typeAllows = write
            ? !isCode && (Rights & WritableOrReadable) != 0
            : !isCode || (Rights & WritableOrReadable) != 0;
        ulong last = offset + (uint)size - 1;
        bool within = isCode || (Rights & ExpandsDown) == 0
            ? last <= Limit
            : offset > Limit && last <= ((Rights & DefaultSize) != 0 ? uint.MaxValue : ushort.MaxValue);
        return (Rights & Present) != 0 && typeAllows && within;
    }
}
