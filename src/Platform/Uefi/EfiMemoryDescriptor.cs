using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_MEMORY_DESCRIPTOR (UEFI 2.10, section 7.2.3). The firmware says how far apart two of them are.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public struct EfiMemoryDescriptor
{
    [FieldOffset(0)]
    public EfiMemoryType Type;

    [FieldOffset(8)]
    public ulong PhysicalStart;

    [FieldOffset(24)]
    public ulong NumberOfPages;

    [FieldOffset(32)]
    public ulong Attribute;
}

/// <summary>EFI_MEMORY_TYPE (UEFI 2.10, section 7.2).</summary>
public enum EfiMemoryType : uint
{
    Reserved = 0,
    LoaderCode = 1,
    LoaderData = 2,
    BootServicesCode = 3,
    BootServicesData = 4,
    RuntimeServicesCode = 5,
    RuntimeServicesData = 6,
    Conventional = 7,
    Unusable = 8,
    AcpiReclaim = 9,
    AcpiNonVolatile = 10,
    MemoryMappedIo = 11,
    MemoryMappedIoPortSpace = 12,
    PalCode = 13,
    Persistent = 14,
}
