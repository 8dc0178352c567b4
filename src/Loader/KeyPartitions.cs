using System;
using System.Runtime.CompilerServices;
using Ember.Formats;
using Ember.Formats.Fields;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>
/// The partitions of the key that the loader was started from: those whose device path is that of the loader's own but for the number of
/// the partition. Nothing else in the machine is looked at, whatever is written on it.
/// </summary>
internal unsafe struct KeyPartitions
{
    /// <summary>The most nodes of a device path that are looked at.</summary>
    private const int MostNodes = 64;

    /// <summary>Bank A's; null when the firmware shows none.</summary>
    public void* BankA;

    /// <summary>Bank B's; null when the firmware shows none.</summary>
    public void* BankB;

    /// <summary>The one with the state of the banks; null when the firmware shows none.</summary>
    public void* State;

    /// <summary>The first block of bank A.</summary>
    public ulong StartOfA;

    /// <summary>The first block of bank B.</summary>
    public ulong StartOfB;

    /// <summary>Finds them.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="own">The partition that the loader was started from.</param>
    /// <param name="partitions">What was found.</param>
    /// <returns>False when the loader was not started from a partition.</returns>
    public static bool TryFind(EfiBootServices* services, void* own, out KeyPartitions partitions)
    {
        partitions = default;
        if (!TryReadPath(services, own, out ReadOnlySpan<byte> disk, out _, out _))
        {
            return false;
        }

        nuint count = FirmwareHandles.Find(services, EfiGuid.BlockIoProtocol, out void** handles);
        for (nuint i = 0; i < count; i++)
        {
            if (TryReadPath(services, handles[i], out ReadOnlySpan<byte> other, out uint number, out ulong start)
                && FieldText.AreEqual(other, disk))
            {
                partitions.Set(number, handles[i], start);
            }
        }

        FirmwareHandles.Free(services, handles);
        return true;
    }

    /// <summary>Whether two handles are of partitions of one disk.</summary>
    public static bool AreOnOneDisk(EfiBootServices* services, void* left, void* right) =>
        TryReadPath(services, left, out ReadOnlySpan<byte> disk, out _, out _)
        && TryReadPath(services, right, out ReadOnlySpan<byte> other, out _, out _)
        && FieldText.AreEqual(disk, other);

    /// <summary>The last node of a handle's device path; null when it has none.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="handle">The handle, or null.</param>
    /// <param name="path">The first node.</param>
    /// <param name="before">The node before the last one; null when there is none.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static EfiDevicePath* LastNode(EfiBootServices* services, void* handle, out byte* path, out EfiDevicePath* before)
    {
        before = null;
        path = (byte*)FirmwareHandles.ProtocolOf(services, handle, EfiGuid.DevicePathProtocol);
        EfiDevicePath* node = (EfiDevicePath*)path;
        for (int i = 0; i < MostNodes && node != null && node->Type != EfiDevicePath.EndType && node->Length >= EfiDevicePath.Size; i++)
        {
            EfiDevicePath* next = (EfiDevicePath*)((byte*)node + node->Length);
            if (next->Type == EfiDevicePath.EndType)
            {
                return node;
            }

            before = node;
            node = next;
        }

        return null;
    }

    private void Set(uint number, void* handle, ulong start)
    {
        switch (number)
        {
            case FlashLayout.FirstBankPartition:
                BankA = handle;
                StartOfA = start;
                break;
            case FlashLayout.FirstBankPartition + 1:
                BankB = handle;
                StartOfB = start;
                break;
            case FlashLayout.StatePartition:
                State = handle;
                break;
        }
    }

    /// <summary>Splits the device path of a partition into that of its disk and the partition's number and first block.</summary>
    private static bool TryReadPath(
        EfiBootServices* services, void* handle, out ReadOnlySpan<byte> disk, out uint number, out ulong start)
    {
        EfiDevicePath* last = LastNode(services, handle, out byte* path, out _);
        if (last == null || last->Type != EfiDevicePath.MediaType)
        {
            disk = default;
            number = 0;
            start = 0;
            return false;
        }

        disk = new ReadOnlySpan<byte>(path, (int)((byte*)last - path));
        return TryReadPartition(last, out number, out start);
    }

    /// <summary>
    /// The number of a partition, which on a disc is a boot entry: the entries are in the order of the partitions. Its first block is told
    /// of a disk's only, since nothing is written to a disc.
    /// </summary>
    private static bool TryReadPartition(EfiDevicePath* node, out uint number, out ulong start)
    {
        number = 0;
        start = 0;
        if (node->SubType == EfiDevicePath.HardDriveSubType && node->Length >= sizeof(EfiHardDrivePath))
        {
            number = ((EfiHardDrivePath*)node)->PartitionNumber;
            start = ((EfiHardDrivePath*)node)->PartitionStart;
        }
        else if (node->SubType == EfiDevicePath.DiscSubType && node->Length >= sizeof(EfiDiscPath))
        {
            number = ((EfiDiscPath*)node)->BootEntry + 1;
        }

        return number != 0;
    }
}
