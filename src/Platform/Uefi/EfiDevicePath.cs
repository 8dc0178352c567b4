using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_DEVICE_PATH_PROTOCOL: the head of each node of a device path (UEFI 2.10, section 10.2). A node need not be aligned.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct EfiDevicePath
{
    /// <summary>Bytes of a node's head.</summary>
    public const int Size = 4;

    /// <summary>What messages are exchanged with (section 10.3.4).</summary>
    public const byte MessagingType = 3;

    /// <summary>Of messages: IPv4 (section 10.3.4.12).</summary>
    public const byte Ipv4SubType = 12;

    /// <summary>Of messages: an address on the web (section 10.3.4.24).</summary>
    public const byte UriSubType = 24;

    /// <summary>A medium (section 10.3.5).</summary>
    public const byte MediaType = 4;

    /// <summary>Of a medium: a partition of a hard disk (section 10.3.5.1).</summary>
    public const byte HardDriveSubType = 1;

    /// <summary>Of a medium: a boot entry of a disc (section 10.3.5.2).</summary>
    public const byte DiscSubType = 2;

    /// <summary>The end (section 10.3.1).</summary>
    public const byte EndType = 0x7F;

    [FieldOffset(0)]
    public byte Type;

    [FieldOffset(1)]
    public byte SubType;

    [FieldOffset(2)]
    private readonly byte _lengthLow;

    [FieldOffset(3)]
    private readonly byte _lengthHigh;

    /// <summary>Whether it is a node of some kind.</summary>
    public readonly bool Is(byte type, byte subType) => Type == type && SubType == subType;

    /// <summary>Bytes of the node, its head included; less than <see cref="Size"/> in one that is broken.</summary>
    public readonly int Length => _lengthLow | (_lengthHigh << 8);
}

/// <summary>The node of a hard disk's partition (UEFI 2.10, section 10.3.5.1): what is used of its 42 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct EfiHardDrivePath
{
    [FieldOffset(0)]
    public EfiDevicePath Head;

    /// <summary>Number of its entry in the partition table, from 1 on.</summary>
    [FieldOffset(4)]
    public uint PartitionNumber;

    /// <summary>Its first block.</summary>
    [FieldOffset(8)]
    public ulong PartitionStart;
}

/// <summary>The node of a disc's boot entry (UEFI 2.10, section 10.3.5.2): what is used of its 24 bytes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 8)]
public struct EfiDiscPath
{
    [FieldOffset(0)]
    public EfiDevicePath Head;

    /// <summary>Number of its entry in the El Torito boot catalog, from 0 on.</summary>
    [FieldOffset(4)]
    public uint BootEntry;
}
