using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_BOOT_SERVICES (UEFI 2.10, section 4.4): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 376)]
public unsafe struct EfiBootServices
{
    [FieldOffset(40)]
    public delegate* unmanaged<EfiAllocateType, EfiMemoryType, nuint, ulong*, nuint> AllocatePages;

    /// <summary>Size of the buffer, the buffer, the map's key, size of a descriptor, its version.</summary>
    [FieldOffset(56)]
    public delegate* unmanaged<nuint*, void*, nuint*, nuint*, uint*, nuint> GetMemoryMap;

    [FieldOffset(152)]
    public delegate* unmanaged<void*, EfiGuid*, void**, nuint> HandleProtocol;

    [FieldOffset(232)]
    public delegate* unmanaged<void*, nuint, nuint> ExitBootServices;

    /// <summary>Seconds until the firmware resets the machine; 0 switches that off.</summary>
    [FieldOffset(256)]
    public delegate* unmanaged<nuint, ulong, nuint, char*, nuint> SetWatchdogTimer;

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
