using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_BLOCK_IO_PROTOCOL (UEFI 2.10, section 13.9).</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
public unsafe struct EfiBlockIo
{
    [FieldOffset(8)]
    public EfiBlockIoMedia* Media;

    /// <summary>This, the medium's number, the first block, bytes, the buffer.</summary>
    [FieldOffset(24)]
    public delegate* unmanaged<EfiBlockIo*, uint, ulong, nuint, void*, nuint> ReadBlocks;

    /// <summary>This, the medium's number, the first block, bytes, the buffer.</summary>
    [FieldOffset(32)]
    public delegate* unmanaged<EfiBlockIo*, uint, ulong, nuint, void*, nuint> WriteBlocks;

    [FieldOffset(40)]
    public delegate* unmanaged<EfiBlockIo*, nuint> FlushBlocks;
}

/// <summary>EFI_BLOCK_IO_MEDIA (UEFI 2.10, section 13.9).</summary>
[StructLayout(LayoutKind.Explicit, Size = 48)]
public struct EfiBlockIoMedia
{
    [FieldOffset(0)]
    public uint MediaId;

    [FieldOffset(7)]
    public byte ReadOnly;

    [FieldOffset(12)]
    public uint BlockSize;

    [FieldOffset(24)]
    public ulong LastBlock;
}
