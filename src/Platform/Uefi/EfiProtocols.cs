using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_LOADED_IMAGE_PROTOCOL (UEFI 2.10, section 9.1).</summary>
[StructLayout(LayoutKind.Explicit, Size = 96)]
public unsafe struct EfiLoadedImage
{
    [FieldOffset(24)]
    public void* DeviceHandle;

    [FieldOffset(64)]
    public byte* ImageBase;

    [FieldOffset(72)]
    public ulong ImageSize;
}

/// <summary>EFI_SIMPLE_FILE_SYSTEM_PROTOCOL (UEFI 2.10, section 13.4).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public unsafe struct EfiSimpleFileSystem
{
    [FieldOffset(8)]
    public delegate* unmanaged<EfiSimpleFileSystem*, EfiFile**, nuint> OpenVolume;
}

/// <summary>EFI_FILE_PROTOCOL (UEFI 2.10, section 13.5).</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
public unsafe struct EfiFile
{
    public const ulong ReadMode = 1;

    /// <summary>This, the new handle, the name, the mode, the attributes of a created file.</summary>
    [FieldOffset(8)]
    public delegate* unmanaged<EfiFile*, EfiFile**, char*, ulong, ulong, nuint> Open;

    [FieldOffset(16)]
    public delegate* unmanaged<EfiFile*, nuint> Close;

    [FieldOffset(32)]
    public delegate* unmanaged<EfiFile*, nuint*, void*, nuint> Read;

    [FieldOffset(48)]
    public delegate* unmanaged<EfiFile*, ulong*, nuint> GetPosition;

    /// <summary>All ones moves to the end of the file.</summary>
    [FieldOffset(56)]
    public delegate* unmanaged<EfiFile*, ulong, nuint> SetPosition;
}

/// <summary>EFI_LOAD_FILE_PROTOCOL (UEFI 2.10, section 13.1).</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public unsafe struct EfiLoadFile
{
    /// <summary>This, a device path, whether the boot manager asks, room for the file and then its size, where it goes.</summary>
    [FieldOffset(0)]
    public delegate* unmanaged<EfiLoadFile*, void*, byte, nuint*, void*, nuint> LoadFile;
}

/// <summary>EFI_PCI_IO_PROTOCOL (UEFI 2.10, section 14.4): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 160)]
public unsafe struct EfiPciIo
{
    /// <summary>Where the base class stands in the configuration space.</summary>
    public const uint BaseClassOffset = 11;

    /// <summary>The base class of network cards.</summary>
    public const byte NetworkClass = 2;

    /// <summary>This, the width (0, bytes), the offset, how many, where they go.</summary>
    [FieldOffset(48)]
    public delegate* unmanaged<EfiPciIo*, int, uint, nuint, void*, nuint> ReadConfiguration;
}

/// <summary>EFI_GRAPHICS_OUTPUT_PROTOCOL (UEFI 2.10, section 12.9).</summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public unsafe struct EfiGraphicsOutput
{
    [FieldOffset(24)]
    public EfiGraphicsOutputMode* Mode;
}

/// <summary>EFI_GRAPHICS_OUTPUT_PROTOCOL_MODE (UEFI 2.10, section 12.9).</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
public unsafe struct EfiGraphicsOutputMode
{
    [FieldOffset(8)]
    public EfiGraphicsOutputInformation* Information;

    [FieldOffset(24)]
    public ulong FrameBufferBase;

    [FieldOffset(32)]
    public ulong FrameBufferSize;
}

/// <summary>EFI_GRAPHICS_OUTPUT_MODE_INFORMATION (UEFI 2.10, section 12.9).</summary>
[StructLayout(LayoutKind.Explicit, Size = 36)]
public struct EfiGraphicsOutputInformation
{
    [FieldOffset(4)]
    public uint HorizontalResolution;

    [FieldOffset(8)]
    public uint VerticalResolution;

    [FieldOffset(12)]
    public EfiPixelFormat PixelFormat;

    [FieldOffset(32)]
    public uint PixelsPerScanLine;
}

/// <summary>EFI_GRAPHICS_PIXEL_FORMAT (UEFI 2.10, section 12.9).</summary>
public enum EfiPixelFormat
{
    RedGreenBlueReserved8 = 0,
    BlueGreenRedReserved8 = 1,
    BitMask = 2,
    BltOnly = 3,
}

/// <summary>EFI_MP_SERVICES_PROTOCOL (PI 1.8, volume 2, section 13.4): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
public unsafe struct EfiMpServices
{
    /// <summary>This, how many processors there are, how many of them are enabled.</summary>
    [FieldOffset(0)]
    public delegate* unmanaged<EfiMpServices*, nuint*, nuint*, nuint> GetNumberOfProcessors;

    /// <summary>This, the processor's number from 0 on, what is known of it.</summary>
    [FieldOffset(8)]
    public delegate* unmanaged<EfiMpServices*, nuint, EfiProcessorInformation*, nuint> GetProcessorInfo;
}

/// <summary>EFI_PROCESSOR_INFORMATION (PI 1.8, volume 2, section 13.4), as long as its newest form.</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
public struct EfiProcessorInformation
{
    private const uint Enabled = 1 << 1;
    private const uint Healthy = 1 << 2;

    /// <summary>The APIC ID.</summary>
    [FieldOffset(0)]
    public ulong ProcessorId;

    [FieldOffset(8)]
    public uint StatusFlag;

    /// <summary>Whether it is enabled, and has passed its own test.</summary>
    public readonly bool IsUsable => (StatusFlag & (Enabled | Healthy)) == (Enabled | Healthy);
}
