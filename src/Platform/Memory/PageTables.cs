namespace Ember.Platform.Memory;

/// <summary>
/// Four-level page tables, for the host's own address space and, nested, for guests. Uses the largest pages that fit; later mappings
/// override earlier ones.
/// </summary>
public unsafe struct PageTables
{
    public const ulong PageSize = 1UL << 12;
    public const ulong LargePageSize = 1UL << 21;
    public const ulong HugePageSize = 1UL << 30;

    /// <summary>The end of what four levels can map from zero without sign extension.</summary>
    public const ulong AddressLimit = 1UL << 47;

    /// <summary>PAT with entry 1 turned from write-through to write-combining (AMD APM volume 2, section 7.8).</summary>
    public const ulong PageAttributeTable = 0x0007_0406_0007_0106;

    private const ulong Present = 1UL << 0;
    private const ulong Writable = 1UL << 1;
    private const ulong UserAccessible = 1UL << 2;
    private const ulong WriteThrough = 1UL << 3;
    private const ulong CacheDisable = 1UL << 4;
    private const ulong PageSizeBit = 1UL << 7;
    private const ulong NoExecute = 1UL << 63;
    private const ulong AddressMask = 0x000F_FFFF_FFFF_F000;
    private const ulong ExtendedExecute = 1UL << 2;
    private const int ExtendedMemoryType = 3;
    private const ulong ExtendedWriteBack = 6UL << ExtendedMemoryType;
    private const ulong ExtendedWriteCombining = 1UL << ExtendedMemoryType;
    private const ulong ExtendedTypeMask = 7UL << ExtendedMemoryType;
    private const int RootLevel = 3;
    private const int EntriesPerTable = 512;

    private readonly PageSource* _source;
    private readonly bool _hugePages;
    private readonly PageTableFormat _format;

    /// <summary>Starts with nothing mapped.</summary>
    /// <param name="source">Where zeroed pages for the tables come from; must outlive this.</param>
    /// <param name="hugePages">Whether the processor knows 1 GiB pages in this format.</param>
    /// <param name="format">What an entry looks like.</param>
    public PageTables(PageSource* source, bool hugePages, PageTableFormat format = PageTableFormat.LongMode)
    {
        _source = source;
        _hugePages = hugePages;
        _format = format;
        Root = (ulong)source->Take();
    }

    /// <summary>Physical address of the top table, for CR3, N_CR3 or the EPT pointer; 0 when there was no page for it.</summary>
    public ulong Root { get; }

    /// <summary>A length rounded up to whole pages.</summary>
    public static ulong WholePages(ulong length) => (length + PageSize - 1) & ~(PageSize - 1);

    /// <summary>Maps a range.</summary>
    /// <param name="linear">First address, a multiple of 4 KiB.</param>
    /// <param name="physical">What it maps to, a multiple of 4 KiB.</param>
    /// <param name="length">Bytes, a multiple of 4 KiB.</param>
    /// <param name="attributes">Rights and caching.</param>
    /// <returns>False when the range is misaligned or too high, or pages for tables ran out.</returns>
    public readonly bool Map(ulong linear, ulong physical, ulong length, PageAttributes attributes) =>
        Change(linear, length, physical, LeafBits(attributes));

    /// <summary>Maps a page of device registers one to one, uncached.</summary>
    public readonly bool MapRegisters(ulong address) =>
        Map(address, address, PageSize, PageAttributes.Write | PageAttributes.Uncached);

    /// <summary>Removes a range; touching it then faults.</summary>
    public readonly bool Unmap(ulong linear, ulong length) => Change(linear, length, 0, 0);

    /// <summary>
    /// Gives every page of the tables back to where they came from, not what they map. No processor may use them any more; the root is
    /// void afterwards.
    /// </summary>
    public readonly void Release()
    {
        ulong* root = (ulong*)Root;
        for (int i = 0; i < EntriesPerTable; i++)
        {
            ulong* third = TableBelow(root[i]);
            for (int j = 0; third != null && j < EntriesPerTable; j++)
            {
                ulong* second = TableBelow(third[j]);
                for (int k = 0; second != null && k < EntriesPerTable; k++)
                {
                    ReturnTable(TableBelow(second[k]));
                }

                ReturnTable(second);
            }

            ReturnTable(third);
        }

        ReturnTable(root);
    }

    /// <summary>What an address maps to; false when nothing.</summary>
    public readonly bool TryTranslate(ulong linear, out ulong physical, out PageAttributes attributes)
    {
        ulong* table = (ulong*)Root;
        physical = 0;
        attributes = PageAttributes.None;
        for (int level = RootLevel; linear < AddressLimit; level--)
        {
            ulong entry = table[Index(linear, level)];
            if ((entry & Present) == 0)
            {
                return false;
            }

            if (level == 0 || (entry & PageSizeBit) != 0)
            {
                ulong offset = linear & (SizeAt(level) - 1);
                physical = (entry & AddressMask & ~(SizeAt(level) - 1)) | offset;
                attributes = AttributesOf(entry);
                return true;
            }

            table = (ulong*)(entry & AddressMask);
        }

        return false;
    }

    private static ulong SizeAt(int level) => PageSize << (9 * level);

    private static int Index(ulong linear, int level) => (int)(linear >> (12 + (9 * level))) & (EntriesPerTable - 1);

    private readonly ulong LeafBits(PageAttributes attributes) =>
        _format == PageTableFormat.Extended ? ExtendedLeafBits(attributes) : LongModeLeafBits(attributes);

    private readonly PageAttributes AttributesOf(ulong entry) =>
        _format == PageTableFormat.Extended ? ExtendedAttributesOf(entry) : LongModeAttributesOf(entry);

    private static ulong ExtendedLeafBits(PageAttributes attributes) =>
        Present
        | ((attributes & PageAttributes.Write) != 0 ? Writable : 0)
        | ((attributes & PageAttributes.Execute) != 0 ? ExtendedExecute : 0)
        | ((attributes & PageAttributes.Uncached) != 0
            ? 0
            : (attributes & PageAttributes.WriteCombining) != 0 ? ExtendedWriteCombining : ExtendedWriteBack);

    private static PageAttributes ExtendedAttributesOf(ulong entry) =>
        ((entry & Writable) != 0 ? PageAttributes.Write : 0)
        | ((entry & ExtendedExecute) != 0 ? PageAttributes.Execute : 0)
        | ((entry & ExtendedTypeMask) switch
        {
            0 => PageAttributes.Uncached,
            ExtendedWriteCombining => PageAttributes.WriteCombining,
            _ => PageAttributes.None,
        });

    private static ulong LongModeLeafBits(PageAttributes attributes) =>
        Present
        | ((attributes & PageAttributes.Write) != 0 ? Writable : 0)
        | ((attributes & PageAttributes.User) != 0 ? UserAccessible : 0)
        | ((attributes & PageAttributes.Execute) != 0 ? 0 : NoExecute)
        | ((attributes & PageAttributes.Uncached) != 0 ? WriteThrough | CacheDisable : 0)
        | ((attributes & PageAttributes.WriteCombining) != 0 ? WriteThrough : 0);

    private static PageAttributes LongModeAttributesOf(ulong entry) =>
        ((entry & Writable) != 0 ? PageAttributes.Write : 0)
        | ((entry & UserAccessible) != 0 ? PageAttributes.User : 0)
        | ((entry & NoExecute) != 0 ? 0 : PageAttributes.Execute)
        | ((entry & CacheDisable) != 0
            ? PageAttributes.Uncached
            : (entry & WriteThrough) != 0 ? PageAttributes.WriteCombining : 0);

    private readonly bool Change(ulong linear, ulong length, ulong physical, ulong leaf)
    {
        if (((linear | physical | length) & (PageSize - 1)) != 0 || linear > AddressLimit || length > AddressLimit - linear)
        {
            return false;
        }

        while (length != 0)
        {
            int level = LargestLevel(linear, physical, length);
            ulong* entry = Descend(linear, level);
            if (entry == null)
            {
                return false;
            }

            *entry = leaf == 0 ? 0 : physical | leaf | (level == 0 ? 0 : PageSizeBit);
            ulong size = SizeAt(level);
            linear += size;
            physical += size;
            length -= size;
        }

        return true;
    }

    private readonly int LargestLevel(ulong linear, ulong physical, ulong length)
    {
        int level = _hugePages ? 2 : 1;
        while (level > 0 && (((linear | physical) & (SizeAt(level) - 1)) != 0 || length < SizeAt(level)))
        {
            level--;
        }

        return level;
    }

    /// <summary>The table that an entry above the lowest level leads to; null when it leads to none.</summary>
    private static ulong* TableBelow(ulong entry) =>
        (entry & (Present | PageSizeBit)) == Present ? (ulong*)(entry & AddressMask) : null;

    private readonly void ReturnTable(ulong* table)
    {
        if (table != null)
        {
            _source->Return((byte*)table);
        }
    }

    private readonly ulong* Descend(ulong linear, int target)
    {
        ulong* table = (ulong*)Root;
        for (int level = RootLevel; level > target && table != null; level--)
        {
            ulong* entry = &table[Index(linear, level)];
            if ((*entry & Present) == 0 || (*entry & PageSizeBit) != 0)
            {
                if (!AddTable(entry, level))
                {
                    return null;
                }
            }

            table = (ulong*)(*entry & AddressMask);
        }

        return table == null ? null : &table[Index(linear, target)];
    }

    /// <summary>Puts a table below an entry; what the entry mapped as one large page, the table maps as 512 smaller ones.</summary>
    private readonly bool AddTable(ulong* entry, int level)
    {
        ulong* table = (ulong*)_source->Take();
        if (table == null)
        {
            return false;
        }

        if ((*entry & Present) != 0)
        {
            ulong size = SizeAt(level - 1);
            ulong leaf = level == 1 ? *entry & ~PageSizeBit : *entry;
            for (uint i = 0; i < EntriesPerTable; i++)
            {
                table[i] = leaf + (i * size);
            }
        }

        // In the extended format the third of these bits is the right to execute: a table restricts nothing in either.
        *entry = (ulong)table | Present | Writable | UserAccessible;
        return true;
    }
}
