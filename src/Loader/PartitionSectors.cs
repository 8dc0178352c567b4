using System.Runtime.CompilerServices;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The sectors of a partition of the key, whatever lies in them.</summary>
internal unsafe struct PartitionSectors
{
    private const int SectorSize = BankState.Size;

    private EfiBlockIo* _blocks;

    /// <summary>Bytes of the partition; 0 when it has not been opened.</summary>
    public readonly ulong Length => _blocks == null ? 0 : (_blocks->Media->LastBlock + 1) * SectorSize;

    /// <summary>Whether it can be written to.</summary>
    public readonly bool IsWritable => _blocks != null && _blocks->Media->ReadOnly == 0;

    /// <summary>Opens a partition of sectors of 512 bytes.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="partition">The partition's handle, or null.</param>
    /// <param name="sectors">The sectors.</param>
    public static bool TryOpen(EfiBootServices* services, void* partition, out PartitionSectors sectors)
    {
        sectors = default;
        EfiBlockIo* blocks = (EfiBlockIo*)FirmwareHandles.ProtocolOf(services, partition, EfiGuid.BlockIoProtocol);
        if (blocks == null || blocks->Media->BlockSize != SectorSize)
        {
            return false;
        }

        sectors._blocks = blocks;
        return true;
    }

    /// <summary>Reads whole sectors.</summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="bytes">Where they go: memory of the firmware's, as its drivers want it aligned.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool TryRead(ulong offset, nuint length, byte* bytes) =>
        IsInside(offset, length)
        && !EfiStatus.IsError(_blocks->ReadBlocks(_blocks, _blocks->Media->MediaId, offset / SectorSize, length, bytes));

    /// <summary>Writes whole sectors.</summary>
    /// <param name="offset">In bytes.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="bytes">Where they are: memory of the firmware's, as its drivers want it aligned.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool TryWrite(ulong offset, nuint length, byte* bytes) =>
        IsWritable && IsInside(offset, length)
        && !EfiStatus.IsError(_blocks->WriteBlocks(_blocks, _blocks->Media->MediaId, offset / SectorSize, length, bytes));

    /// <summary>Returns when what was written has left every cache.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly bool TryFlush() => _blocks != null && !EfiStatus.IsError(_blocks->FlushBlocks(_blocks));

    private readonly bool IsInside(ulong offset, nuint length) => offset <= Length && length <= Length - offset;
}
