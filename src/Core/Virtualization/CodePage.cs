using System.Runtime.CompilerServices;
using Ember.Core.Memory;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>
/// The page a guest's code was last fetched from, and the page-table entries that led there. As long as the guest's registers and
/// those entries are what they were, walking the tables again would end at the same place, so looking at them is enough. It saves
/// most of an exit's cost on processors that do not say how long the intercepted instruction was.
/// </summary>
internal unsafe struct CodePage
{
    private const int Levels = 4;
    private const ulong PageMask = 0xFFF;
    private const ulong Present = 1;
    private const ulong LargePage = 1 << 7;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;

    private ulong _page;
    private ulong _cr0;
    private ulong _cr3;
    private ulong _cr4;
    private ulong _efer;
    private byte* _code;
    private ulong* _entry0;
    private ulong* _entry1;
    private ulong* _entry2;
    private ulong* _entry3;
    private ulong _value0;
    private ulong _value1;
    private ulong _value2;
    private ulong _value3;

    /// <summary>Reads two bytes of code from the remembered page.</summary>
    /// <param name="linear">Linear address, in 64-bit mode.</param>
    /// <param name="cr0">The guest's CR0 now.</param>
    /// <param name="cr3">The guest's CR3 now.</param>
    /// <param name="cr4">The guest's CR4 now.</param>
    /// <param name="efer">The guest's EFER now.</param>
    /// <returns>The first byte in the low half; 0 if it is another page or would have to be found again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ushort Read(ulong linear, ulong cr0, ulong cr3, ulong cr4, ulong efer)
    {
        if (_code == null || linear - _page >= PageMask)
        {
            return 0;
        }

        ulong changed = (cr0 ^ _cr0) | (cr3 ^ _cr3) | (cr4 ^ _cr4) | (efer ^ _efer) | (*_entry0 ^ _value0) | (*_entry1 ^ _value1)
            | (*_entry2 ^ _value2) | (*_entry3 ^ _value3);
        return changed == 0 ? Unsafe.ReadUnaligned<ushort>(_code + (linear - _page)) : (ushort)0;
    }

    /// <summary>Remembers the page of an address the guest's code could just be fetched from in 64-bit mode; none with five levels.</summary>
    [LoopBound(Levels, "levels")]
    public void Remember(in GuestMemory memory, in PagingState paging, ulong linear)
    {
        this = default;
        if ((paging.Cr4 & Cr4.FiveLevelPaging) != 0)
        {
            return;
        }

        ulong table = paging.Cr3 & AddressMask;
        ulong* entry = null;
        ulong physical = 0;
        bool found = false;
        for (int level = Levels - 1; level >= 0 && !found; level--)
        {
            int shift = 12 + (9 * level);
            if (!memory.TryGetPointer(table + (((linear >> shift) & 511) * 8), 8, out byte* pointer))
            {
                return;
            }

            entry = (ulong*)pointer;
            ulong value = *entry;
            if ((value & Present) == 0)
            {
                return;
            }

            Keep(level, entry, value);
            found = level == 0 || (level < Levels - 1 && (value & LargePage) != 0);
            ulong offsetMask = (1UL << shift) - 1;
            physical = (value & AddressMask & ~offsetMask) | (linear & offsetMask);
            table = value & AddressMask;
        }

        if (memory.TryGetPointer(physical & ~PageMask, PageMask + 1, out byte* code))
        {
            _code = code;
            _cr0 = paging.Cr0;
            _cr3 = paging.Cr3;
            _cr4 = paging.Cr4;
            _efer = paging.Efer;
            _page = linear & ~PageMask;
        }
    }

    /// <summary>Levels below a large page's have no entry of their own: they repeat its.</summary>
    private void Keep(int level, ulong* entry, ulong value)
    {
        if (level == 3)
        {
            _entry3 = entry;
            _value3 = value;
        }

        if (level >= 2)
        {
            _entry2 = entry;
            _value2 = value;
        }

        if (level >= 1)
        {
            _entry1 = entry;
            _value1 = value;
        }

        _entry0 = entry;
        _value0 = value;
    }
}
