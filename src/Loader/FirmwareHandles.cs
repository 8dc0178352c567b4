using System.Runtime.CompilerServices;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The firmware's handles and their protocols.</summary>
internal static unsafe class FirmwareHandles
{
    /// <summary>Finds the handles that have a protocol, in a pool the caller frees unless there are none.</summary>
    /// <returns>How many there are.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nuint Find(EfiBootServices* services, EfiGuid protocol, out void** handles)
    {
        nuint count;
        void** found;
        if (EfiStatus.IsError(services->LocateHandleBuffer(EfiLocateSearchType.ByProtocol, &protocol, null, &count, &found)))
        {
            handles = null;
            return 0;
        }

        handles = found;
        return count;
    }

    /// <summary>A protocol of a handle; null when it has none, or there is no handle.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void* ProtocolOf(EfiBootServices* services, void* handle, EfiGuid protocol)
    {
        void* found;
        return handle == null || EfiStatus.IsError(services->HandleProtocol(handle, &protocol, &found)) ? null : found;
    }

    /// <summary>Has drivers bind to what a firmware in a hurry has left alone, since it does not boot from it.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="bus">The protocol of devices on one kind of bus.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Connect(EfiBootServices* services, EfiGuid bus)
    {
        nuint count = Find(services, bus, out void** handles);
        for (nuint i = 0; i < count; i++)
        {
            // A server's other cards may take minutes.
            if (!bus.Is(EfiGuid.PciIoProtocol) || IsNetworkCard(services, handles[i]))
            {
                services->ConnectController(handles[i], null, null, 1);
            }
        }

        Free(services, handles);
    }

    /// <summary>Frees what <see cref="Find"/> has given.</summary>
    public static void Free(EfiBootServices* services, void** handles)
    {
        if (handles != null)
        {
            services->FreePool(handles);
        }
    }

    private static bool IsNetworkCard(EfiBootServices* services, void* handle)
    {
        EfiPciIo* card = (EfiPciIo*)ProtocolOf(services, handle, EfiGuid.PciIoProtocol);
        byte baseClass = 0;
        return card != null
            && !EfiStatus.IsError(card->ReadConfiguration(card, 0, EfiPciIo.BaseClassOffset, 1, &baseClass))
            && baseClass == EfiPciIo.NetworkClass;
    }
}
