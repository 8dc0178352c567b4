using System;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The two copies of the banks' state: the first sector of the state partition, and the first of its second half.</summary>
internal unsafe struct StateSectors
{
    private EfiBlockIo* _blocks;
    private byte* _buffer;

    /// <summary>Opens the state partition.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="partition">The partition's handle, or null.</param>
    /// <param name="sectors">The sectors.</param>
    public static bool TryOpen(EfiBootServices* services, void* partition, out StateSectors sectors)
    {
        sectors = default;
        EfiGuid protocol = EfiGuid.BlockIoProtocol;
        EfiBlockIo* blocks;
        ulong buffer;
        if (partition == null || EfiStatus.IsError(services->HandleProtocol(partition, &protocol, (void**)&blocks))
            || blocks->Media->BlockSize != BankState.Size || blocks->Media->LastBlock == 0
            || EfiStatus.IsError(services->AllocatePages(EfiAllocateType.AnyPages, EfiMemoryType.BootServicesData, 1, &buffer)))
        {
            return false;
        }

        sectors._blocks = blocks;
        sectors._buffer = (byte*)buffer;
        return true;
    }

    /// <summary>Reads a copy.</summary>
    public readonly bool TryRead(bool second, Span<byte> sector)
    {
        if (_blocks == null
            || EfiStatus.IsError(_blocks->ReadBlocks(_blocks, _blocks->Media->MediaId, LocationOf(second), BankState.Size, _buffer)))
        {
            return false;
        }

        new ReadOnlySpan<byte>(_buffer, BankState.Size).CopyTo(sector);
        return true;
    }

    /// <summary>Writes a copy, and returns when it has left every cache.</summary>
    public readonly bool TryWrite(bool second, ReadOnlySpan<byte> sector)
    {
        if (_blocks == null || _blocks->Media->ReadOnly != 0)
        {
            return false;
        }

        sector.CopyTo(new Span<byte>(_buffer, BankState.Size));
        return !EfiStatus.IsError(_blocks->WriteBlocks(_blocks, _blocks->Media->MediaId, LocationOf(second), BankState.Size, _buffer))
            && !EfiStatus.IsError(_blocks->FlushBlocks(_blocks));
    }

    private readonly ulong LocationOf(bool second) => second ? (_blocks->Media->LastBlock + 1) / 2 : 0;
}
