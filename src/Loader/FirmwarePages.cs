using System.Runtime.CompilerServices;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>Memory of the firmware's, page by page.</summary>
internal static unsafe class FirmwarePages
{
    private const int PageShift = 12;

    /// <summary>Takes memory; null when there is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte* Take(EfiBootServices* services, ulong length)
    {
        ulong address;
        return EfiStatus.IsError(services->AllocatePages(
            EfiAllocateType.AnyPages, EfiMemoryType.LoaderData, PagesOf(length), &address)) ? null : (byte*)address;
    }

    /// <summary>Gives back what <see cref="Take"/> has given for that length, if anything.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Free(EfiBootServices* services, byte* address, ulong length)
    {
        if (address != null)
        {
            services->FreePages((ulong)address, PagesOf(length));
        }
    }

    private static nuint PagesOf(ulong length) => (nuint)((length + (1 << PageShift) - 1) >> PageShift);
}
