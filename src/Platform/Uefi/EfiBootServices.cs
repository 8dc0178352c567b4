using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_BOOT_SERVICES (UEFI 2.10, section 4.4): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 376)]
public unsafe struct EfiBootServices
{
    [FieldOffset(40)]
    public delegate* unmanaged<EfiAllocateType, EfiMemoryType, nuint, ulong*, nuint> AllocatePages;

    /// <summary>The address, the number of pages.</summary>
    [FieldOffset(48)]
    public delegate* unmanaged<ulong, nuint, nuint> FreePages;

    /// <summary>Size of the buffer, the buffer, the map's key, size of a descriptor, its version.</summary>
    [FieldOffset(56)]
    public delegate* unmanaged<nuint*, void*, nuint*, nuint*, uint*, nuint> GetMemoryMap;

    [FieldOffset(72)]
    public delegate* unmanaged<void*, nuint> FreePool;

    /// <summary>The handle, the protocol, its type (0, native), the interface.</summary>
    [FieldOffset(128)]
    public delegate* unmanaged<void**, EfiGuid*, int, void*, nuint> InstallProtocolInterface;

    [FieldOffset(152)]
    public delegate* unmanaged<void*, EfiGuid*, void**, nuint> HandleProtocol;

    /// <summary>Whether it is a boot option, the parent, a device path, the file's bytes, how many, the new image.</summary>
    [FieldOffset(200)]
    public delegate* unmanaged<byte, void*, void*, void*, nuint, void**, nuint> LoadImage;

    /// <summary>The image, size of its exit data, its exit data.</summary>
    [FieldOffset(208)]
    public delegate* unmanaged<void*, nuint*, char**, nuint> StartImage;

    [FieldOffset(224)]
    public delegate* unmanaged<void*, nuint> UnloadImage;

    [FieldOffset(232)]
    public delegate* unmanaged<void*, nuint, nuint> ExitBootServices;

    /// <summary>Microseconds.</summary>
    [FieldOffset(248)]
    public delegate* unmanaged<nuint, nuint> Stall;

    /// <summary>Seconds until the firmware resets the machine; 0 switches that off.</summary>
    [FieldOffset(256)]
    public delegate* unmanaged<nuint, ulong, nuint, char*, nuint> SetWatchdogTimer;

    /// <summary>The controller, its drivers' image handles or null, a device path or null, whether its children too.</summary>
    [FieldOffset(264)]
    public delegate* unmanaged<void*, void*, void*, byte, nuint> ConnectController;

    /// <summary>The controller, a driver's image handle or null, a child or null.</summary>
    [FieldOffset(272)]
    public delegate* unmanaged<void*, void*, void*, nuint> DisconnectController;

    /// <summary>How to search, the protocol, a key, how many were found, where they are: in a pool the caller frees.</summary>
    [FieldOffset(312)]
    public delegate* unmanaged<EfiLocateSearchType, EfiGuid*, void*, nuint*, void***, nuint> LocateHandleBuffer;

    [FieldOffset(320)]
    public delegate* unmanaged<EfiGuid*, void*, void**, nuint> LocateProtocol;
}

/// <summary>EFI_ALLOCATE_TYPE (UEFI 2.10, section 7.2).</summary>
public enum EfiAllocateType
{
    AnyPages = 0,
    MaxAddress = 1,
    Address = 2,
}

/// <summary>EFI_LOCATE_SEARCH_TYPE (UEFI 2.10, section 7.3).</summary>
public enum EfiLocateSearchType
{
    AllHandles = 0,
    ByRegisterNotify = 1,
    ByProtocol = 2,
}
