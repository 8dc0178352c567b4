using System;
using System.Runtime.CompilerServices;

namespace Ember.Platform.Acpi;

/// <summary>The firmware's ACPI tables (ACPI 6.5, section 5.2). Firmware is trusted as far as its checksums are right.</summary>
public unsafe struct AcpiTables
{
    private const int HeaderLength = 36;
    private const uint LongestTable = 16 << 20;

    private byte* _root;
    private bool _wide;

    /// <summary>Takes the tables a root rsdp leads to; false when it or the table it names is not sound.</summary>
    /// <param name="rsdp">The RSDP (section 5.2.5).</param>
    /// <param name="tables">The tables found.</param>
    public static bool TryOpen(byte* rsdp, out AcpiTables tables)
    {
        tables = default;
        if (rsdp == null || Unsafe.ReadUnaligned<ulong>(rsdp) != 0x2052_5450_2044_5352 || !SumsToZero(rsdp, 20))
        {
            return false;
        }

        const int RevisionOffset = 15;
        tables._wide = rsdp[RevisionOffset] >= 2;
        tables._root = tables._wide ? (byte*)Unsafe.ReadUnaligned<ulong>(rsdp + 24) : (byte*)(ulong)Unsafe.ReadUnaligned<uint>(rsdp + 16);
        return IsSound(tables._root);
    }

    /// <summary>The first table with a signature such as "APIC"u8, checksum right; null when there is none.</summary>
    public readonly byte* Find(ReadOnlySpan<byte> signature)
    {
        int entrySize = _wide ? 8 : 4;
        int count = ((int)LengthOf(_root) - HeaderLength) / entrySize;
        for (int i = 0; i < count; i++)
        {
            byte* entry = _root + HeaderLength + (i * entrySize);
            byte* table = _wide ? (byte*)Unsafe.ReadUnaligned<ulong>(entry) : (byte*)(ulong)Unsafe.ReadUnaligned<uint>(entry);
            if (table != null && table[0] == signature[0] && table[1] == signature[1] && table[2] == signature[2]
                && table[3] == signature[3] && IsSound(table))
            {
                return table;
            }
        }

        return null;
    }

    /// <summary>Length of a table in bytes, header included.</summary>
    public static uint LengthOf(byte* table) => Unsafe.ReadUnaligned<uint>(table + 4);

    private static bool IsSound(byte* table) =>
        table != null && LengthOf(table) is >= HeaderLength and <= LongestTable && SumsToZero(table, LengthOf(table));

    private static bool SumsToZero(byte* bytes, uint length)
    {
        byte sum = 0;
        for (uint i = 0; i < length; i++)
        {
            sum += bytes[i];
        }

        return sum == 0;
    }
}
