using System;
using Ember.Formats.Banks;
using Ember.Platform.Uefi;

namespace Ember.Loader;

/// <summary>The two copies of the banks' state: the first sector of the state partition, and the first of its second half.</summary>
internal unsafe struct StateSectors
{
    private PartitionSectors _sectors;
    private byte* _buffer;

    /// <summary>Opens the state partition.</summary>
    /// <param name="services">The firmware's.</param>
    /// <param name="partition">The partition's handle, or null.</param>
    /// <param name="state">The copies.</param>
    public static bool TryOpen(EfiBootServices* services, void* partition, out StateSectors state)
    {
        state = default;
        ulong buffer;
        if (!PartitionSectors.TryOpen(services, partition, out PartitionSectors sectors) || sectors.Length < 2 * BankState.Size
            || EfiStatus.IsError(services->AllocatePages(EfiAllocateType.AnyPages, EfiMemoryType.BootServicesData, 1, &buffer)))
        {
            return false;
        }

        state._sectors = sectors;
        state._buffer = (byte*)buffer;
        return true;
    }

    /// <summary>Reads a copy.</summary>
    public readonly bool TryRead(bool second, Span<byte> sector)
    {
        if (!_sectors.TryRead(LocationOf(second), BankState.Size, _buffer))
        {
            return false;
        }

        new ReadOnlySpan<byte>(_buffer, BankState.Size).CopyTo(sector);
        return true;
    }

    /// <summary>Writes a copy, and returns when it has left every cache.</summary>
    public readonly bool TryWrite(bool second, ReadOnlySpan<byte> sector)
    {
        if (!_sectors.IsWritable)
        {
            return false;
        }

        sector.CopyTo(new Span<byte>(_buffer, BankState.Size));
        return _sectors.TryWrite(LocationOf(second), BankState.Size, _buffer) && _sectors.TryFlush();
    }

    private readonly ulong LocationOf(bool second) => second ? _sectors.Length / (2 * BankState.Size) * BankState.Size : 0;
}
