using System;
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
        EfiGuid protocol = EfiGuid.BlockIoProtocol;
        nuint count;
        void** handles;
        if (!TryReadPath(services, own, out ReadOnlySpan<byte> disk, out _, out _)
            || EfiStatus.IsError(services->LocateHandleBuffer(EfiLocateSearchType.ByProtocol, &protocol, null, &count, &handles)))
        {
            return false;
        }

        for (nuint i = 0; i < count; i++)
        {
            if (TryReadPath(services, handles[i], out ReadOnlySpan<byte> other, out uint number, out ulong start)
                && FieldText.AreEqual(other, disk))
            {
                partitions.Set(number, handles[i], start);
            }
        }

        services->FreePool(handles);
        return true;
    }

    /// <summary>Whether two handles are of partitions of one disk.</summary>
    public static bool AreOnOneDisk(EfiBootServices* services, void* left, void* right) =>
        TryReadPath(services, left, out ReadOnlySpan<byte> disk, out _, out _)
        && TryReadPath(services, right, out ReadOnlySpan<byte> other, out _, out _)
        && FieldText.AreEqual(disk, other);

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
        disk = default;
        number = 0;
        start = 0;
        EfiGuid protocol = EfiGuid.DevicePathProtocol;
        byte* path;
        if (handle == null || EfiStatus.IsError(services->HandleProtocol(handle, &protocol, (void**)&path)))
        {
            return false;
        }

        byte* node = path;
        for (int i = 0; i < MostNodes; i++)
        {
            EfiDevicePath* head = (EfiDevicePath*)node;
            if (head->Type == EfiDevicePath.EndType || head->Length < EfiDevicePath.Size)
            {
                return false;
            }

            byte* next = node + head->Length;
            if (head->Type == EfiDevicePath.MediaType && ((EfiDevicePath*)next)->Type == EfiDevicePath.EndType)
            {
                disk = new ReadOnlySpan<byte>(path, (int)(node - path));
                return TryReadPartition(head, out number, out start);
            }

            node = next;
        }

        return false;
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
