using System;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Ember.Sdk.Media;

/// <summary>What a path leads to: struct statx of Linux, which is the same on every processor.</summary>
/// <param name="IsBlockDevice">It is a block device's node.</param>
/// <param name="IsRegularFile">It is an ordinary file.</param>
/// <param name="Device">For a device's node, which device: major and minor number, <c>8:16</c>.</param>
/// <param name="FileSystem">Major and minor number of the file system that it lies on.</param>
/// <param name="Inode">Which of that file system's files it is.</param>
internal sealed record NodeStatus(bool IsBlockDevice, bool IsRegularFile, string Device, string FileSystem, ulong Inode)
{
    /// <summary>Bytes that the system fills in.</summary>
    public const int Size = 256;

    private const int Mode = 28;
    private const int InodeNumber = 32;
    private const int DeviceMajor = 128;
    private const int DeviceMinor = 132;
    private const int FileMajor = 136;
    private const int FileMinor = 140;
    private const int KindMask = 0xF000;
    private const int BlockDevice = 0x6000;
    private const int RegularFile = 0x8000;

    /// <summary>Takes it apart.</summary>
    public static NodeStatus Decode(ReadOnlySpan<byte> status)
    {
        int kind = MemoryMarshal.Read<ushort>(status[Mode..]) & KindMask;
        return new NodeStatus(
            kind == BlockDevice, kind == RegularFile, Numbers(status, DeviceMajor, DeviceMinor), Numbers(status, FileMajor, FileMinor),
            MemoryMarshal.Read<ulong>(status[InodeNumber..]));
    }

    /// <summary>True if <paramref name="other"/> is the same file, by whatever path.</summary>
    public bool IsSameFile(NodeStatus? other) => other is not null && FileSystem == other.FileSystem && Inode == other.Inode;

    private static string Numbers(ReadOnlySpan<byte> status, int major, int minor) => string.Create(
        CultureInfo.InvariantCulture, $"{MemoryMarshal.Read<uint>(status[major..])}:{MemoryMarshal.Read<uint>(status[minor..])}");
}
