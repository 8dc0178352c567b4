namespace Ember.Core.Virtualization.Svm;

/// <summary>
/// Which ports and MSRs a guest reaches without an exit (AMD APM volume 2, sections 15.10.1 and 15.11): no port, and the MSRs whose
/// values VMSAVE and VMLOAD switch or that this core does not use itself.
/// </summary>
internal static unsafe class PermissionMaps
{
    /// <summary>12 KiB for 65,536 ports and the bytes behind port FFFFh.</summary>
    public const ulong IoPages = 3;

    /// <summary>8 KiB: two bits each for three ranges of 8,192 MSRs.</summary>
    public const ulong MsrPages = 2;

    private const uint SecondRange = 0xC000_0000;
    private const int SecondRangeOffset = 0x800;

    /// <summary>Intercepts every port.</summary>
    public static void FillIo(byte* map) => Fill(map, (int)IoPages);

    /// <summary>Intercepts every MSR but those of <see cref="GuestMsrs.Direct"/>.</summary>
    public static void FillMsr(byte* map)
    {
        Fill(map, (int)MsrPages);
        foreach (uint index in GuestMsrs.Direct)
        {
            bool second = index >= SecondRange;
            uint number = second ? index - SecondRange : index;
            byte* at = map + (second ? SecondRangeOffset : 0) + (number / 4);
            *at &= (byte)~(3 << (int)(number % 4 * 2));
        }
    }

    private static void Fill(byte* map, int pages)
    {
        for (int i = 0; i < pages * 512; i++)
        {
            ((ulong*)map)[i] = ulong.MaxValue;
        }
    }
}
