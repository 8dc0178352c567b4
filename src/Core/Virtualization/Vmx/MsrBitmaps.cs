namespace Ember.Core.Virtualization.Vmx;

/// <summary>
/// Which MSRs a guest reaches without an exit (Intel SDM volume 3, section 24.6.9): those whose values the control structure
/// switches or that this core does not use itself.
/// </summary>
internal static unsafe class MsrBitmaps
{
    private const uint SecondRange = 0xC000_0000;
    private const int SecondRangeOffset = 0x400;
    private const int WriteOffset = 0x800;
    private const int Words = 512;

    /// <summary>Lets every MSR exit but those of <see cref="GuestMsrs.Direct"/>.</summary>
    /// <param name="map">A page: one bit each for reading and for writing two ranges of 8,192 MSRs.</param>
    public static void Fill(byte* map)
    {
        for (int i = 0; i < Words; i++)
        {
            ((ulong*)map)[i] = ulong.MaxValue;
        }

        foreach (uint index in GuestMsrs.Direct)
        {
            bool second = index >= SecondRange;
            uint number = second ? index - SecondRange : index;
            byte* at = map + (second ? SecondRangeOffset : 0) + (number / 8);
            byte others = (byte)~(1 << (int)(number % 8));
            *at &= others;
            at[WriteOffset] &= others;
        }
    }
}
