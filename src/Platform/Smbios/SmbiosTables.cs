using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Uefi;

namespace Ember.Platform.Smbios;

/// <summary>
/// The firmware's description of the server (DMTF DSP0134, SMBIOS 3.7). Whatever the firmware has put there, nothing beyond the length
/// that its entry point tells is read.
/// </summary>
public readonly unsafe ref struct SmbiosTables
{
    /// <summary>Structure type of the whole server (section 7.2).</summary>
    public const byte System = 1;

    /// <summary>Structure type of the board (section 7.3).</summary>
    public const byte Baseboard = 2;

    /// <summary>Where System and Baseboard have the number of the maker's name.</summary>
    public const int Manufacturer = 4;

    /// <summary>Where they have the number of the product's name.</summary>
    public const int Product = 5;

    private const int HeaderLength = 4;
    private const int LongestTable = 1 << 20;

    private readonly ReadOnlySpan<byte> _table;

    /// <summary>Takes structures that lie one behind the other.</summary>
    public SmbiosTables(ReadOnlySpan<byte> table) => _table = table;

    /// <summary>Finds the structures through the firmware's entry point; none when it has none.</summary>
    /// <param name="system">The firmware's system table.</param>
    public static SmbiosTables Open(EfiSystemTable* system)
    {
        byte* old = null;
        for (nuint i = 0; i < system->NumberOfTableEntries; i++)
        {
            EfiConfigurationTable* table = &system->ConfigurationTable[i];
            if (table->VendorGuid.Is(EfiGuid.Smbios3Table))
            {
                return At((byte*)table->VendorTable);
            }

            if (table->VendorGuid.Is(EfiGuid.SmbiosTable))
            {
                old = (byte*)table->VendorTable;
            }
        }

        return old == null ? default : At(old);
    }

    /// <summary>A text of the first structure of a type; empty when there is none.</summary>
    /// <param name="type">The structure's type.</param>
    /// <param name="offset">Where in the structure the text's number is.</param>
    public ReadOnlySpan<byte> Text(byte type, int offset)
    {
        int at = 0;
        while (at + HeaderLength <= _table.Length)
        {
            int length = _table[at + 1];
            int texts = at + length;
            if (length < HeaderLength || texts > _table.Length)
            {
                break;
            }

            if (_table[at] == type)
            {
                return offset < length ? TextAt(texts, _table[at + offset]) : default;
            }

            at = End(texts);
        }

        return default;
    }

    /// <summary>Texts end with a zero each, all of them with one more (section 6.1.3); 1 is the first.</summary>
    private ReadOnlySpan<byte> TextAt(int at, int number)
    {
        while (number > 0 && at < _table.Length && _table[at] != 0)
        {
            int end = at;
            while (end < _table.Length && _table[end] != 0)
            {
                end++;
            }

            if (--number == 0)
            {
                return _table.Slice(at, end - at);
            }

            at = end + 1;
        }

        return default;
    }

    private int End(int at)
    {
        while (at + 1 < _table.Length && (_table[at] | _table[at + 1]) != 0)
        {
            at++;
        }

        return at + 2;
    }

    /// <summary>Entry points (sections 5.2.1 and 5.2.2): <c>_SM_</c> and <c>_SM3_</c>.</summary>
    private static SmbiosTables At(byte* entry)
    {
        const uint anchor = 0x5F4D_535F;
        const uint anchor3 = 0x334D_535F;
        uint found = Unsafe.ReadUnaligned<uint>(entry);
        return found == anchor3 ? At(Unsafe.ReadUnaligned<ulong>(entry + 16), Unsafe.ReadUnaligned<uint>(entry + 12))
            : found == anchor ? At(Unsafe.ReadUnaligned<uint>(entry + 0x18), Unsafe.ReadUnaligned<ushort>(entry + 0x16))
            : default;
    }

    private static SmbiosTables At(ulong address, uint length) =>
        address == 0 || length > LongestTable ? default : new(new ReadOnlySpan<byte>((void*)address, (int)length));
}
