using System.Runtime.CompilerServices;

namespace Ember.Platform.Acpi;

/// <summary>The System Resource Affinity Table (ACPI 6.5, section 5.2.16): which processors and which memory are near each other.</summary>
/// <param name="table">A table whose checksum is right; must stay.</param>
public readonly unsafe struct Srat(byte* table)
{
    private const uint FirstStructure = 48;
    private const byte LocalApicType = 0;
    private const byte MemoryType = 1;
    private const byte LocalX2ApicType = 2;
    private const int RevisionOffset = 8;
    private const uint Enabled = 1;

    /// <summary>The domain of the processor with an APIC ID; false when the table does not say.</summary>
    public bool TryGetDomain(uint apicId, out uint domain)
    {
        for (uint at = FirstStructure; IsStructure(at); at += table[at + 1])
        {
            byte* structure = table + at;
            if (structure[0] == LocalApicType && structure[1] >= 16 && structure[3] == apicId && (Word(structure + 4) & Enabled) != 0)
            {
                // The upper three bytes were added in revision 2.
                domain = structure[2] | (table[RevisionOffset] >= 2 ? Word(structure + 8) & ~0xFFu : 0);
                return true;
            }

            if (structure[0] == LocalX2ApicType && structure[1] >= 24 && Word(structure + 8) == apicId
                && (Word(structure + 12) & Enabled) != 0)
            {
                domain = Word(structure + 4);
                return true;
            }
        }

        domain = 0;
        return false;
    }

    /// <summary>The next range of memory that is there from the start.</summary>
    /// <param name="at">0 for the first; keeps the place.</param>
    /// <param name="range">The range; its end may wrap when the table is wrong.</param>
    /// <returns>False when there is no more.</returns>
    public bool TryGetNextMemory(ref uint at, out MemoryAffinity range)
    {
        range = default;
        for (at = at == 0 ? FirstStructure : at; IsStructure(at); at += table[at + 1])
        {
            byte* structure = table + at;
            if (structure[0] == MemoryType && structure[1] >= 40 && (Word(structure + 28) & Enabled) != 0)
            {
                range.Domain = Word(structure + 2) & (table[RevisionOffset] >= 2 ? uint.MaxValue : byte.MaxValue);
                range.Start = Unsafe.ReadUnaligned<ulong>(structure + 8);
                range.Length = Unsafe.ReadUnaligned<ulong>(structure + 16);
                at += structure[1];
                return true;
            }
        }

        return false;
    }

    /// <summary>A length that cannot be ends the table.</summary>
    private bool IsStructure(uint at)
    {
        uint length = AcpiTables.LengthOf(table);
        return at + 2 <= length && table[at + 1] >= 2 && at + table[at + 1] <= length;
    }

    private static uint Word(byte* address) => Unsafe.ReadUnaligned<uint>(address);
}
