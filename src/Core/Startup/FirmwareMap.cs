using Ember.Platform.Memory;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>
/// The firmware's memory map (UEFI 2.10, section 7.2.3), in any order, with any gap between its entries. What cannot be addressed is
/// left out.
/// </summary>
internal readonly unsafe struct FirmwareMap
{
    private readonly byte* _entries;
    private readonly nuint _stride;
    private readonly ulong _limit;

    /// <param name="boot">Where the map is.</param>
    /// <param name="limit">The first address that the processor cannot use.</param>
    public FirmwareMap(BootInformation* boot, ulong limit)
    {
        _entries = boot->MemoryMap;
        _stride = boot->MemoryDescriptorSize;
        _limit = limit;
        Count = (int)(boot->MemoryMapSize / _stride);
    }

    /// <summary>Entries in it.</summary>
    public int Count { get; }

    /// <summary>An entry, in whole pages below the limit; its end is its start when nothing is left of it.</summary>
    public FirmwareMapEntry this[int index]
    {
        get
        {
            EfiMemoryDescriptor* descriptor = (EfiMemoryDescriptor*)(_entries + ((nuint)index * _stride));
            ulong start = descriptor->PhysicalStart < _limit ? PageTables.WholePages(descriptor->PhysicalStart) : _limit;
            ulong most = (_limit - start) / PageTables.PageSize;
            ulong pages = descriptor->NumberOfPages < most ? descriptor->NumberOfPages : most;
            return new FirmwareMapEntry
            {
                Type = descriptor->Type,
                Attribute = descriptor->Attribute,
                Start = start,
                End = start + (pages * PageTables.PageSize),
            };
        }
    }

    /// <summary>
    /// Finds the next part of an entry that is nobody else's: what another entry says to be something else, and what an earlier one has
    /// said already, is passed over.
    /// </summary>
    /// <param name="index">The entry.</param>
    /// <param name="start">Where to begin; where the part begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <returns>False when there is no more.</returns>
    public bool TryNextPart(int index, ref ulong start, out ulong end)
    {
        FirmwareMapEntry own = this[index];
        end = own.End;
        for (int i = 0; i < Count && start < own.End; i++)
        {
            FirmwareMapEntry other = this[i];
            if (i == index || (i > index && other.Type == own.Type) || other.End <= start || other.Start >= end)
            {
                continue;
            }

            if (other.Start > start)
            {
                end = other.Start;
                continue;
            }

            // Those before this one are to be asked about the new place as well.
            start = other.End;
            end = own.End;
            i = -1;
        }

        return start < own.End;
    }
}
