using System.Runtime.CompilerServices;

namespace Ember.Platform.Acpi;

/// <summary>What is needed of the Multiple APIC Description Table (ACPI 6.5, section 5.2.12).</summary>
public unsafe struct Madt
{
    private const int FirstStructure = 44;
    private const byte IoApicType = 1;
    private const byte SourceOverrideType = 2;

    /// <summary>Physical address of the I/O APIC that serves the ISA interrupts; 0 when there is none.</summary>
    public ulong IoApicAddress;

    /// <summary>The I/O APIC input that COM1's ISA interrupt 4 arrives at.</summary>
    public uint SerialInput;

    /// <summary>The I/O APIC input that the keyboard's ISA interrupt 1 arrives at.</summary>
    public uint KeyboardInput;

    /// <summary>Reads a table whose checksum is right.</summary>
    public static Madt Read(byte* table)
    {
        var madt = new Madt { SerialInput = 4, KeyboardInput = 1 };
        uint length = AcpiTables.LengthOf(table);
        for (uint at = FirstStructure; at + 2 <= length && table[at + 1] >= 2 && at + table[at + 1] <= length; at += table[at + 1])
        {
            byte* structure = table + at;
            if (structure[0] == IoApicType && structure[1] >= 12 && Unsafe.ReadUnaligned<uint>(structure + 8) == 0)
            {
                madt.IoApicAddress = Unsafe.ReadUnaligned<uint>(structure + 4);
            }
            else if (structure[0] == SourceOverrideType && structure[1] >= 10)
            {
                uint input = Unsafe.ReadUnaligned<uint>(structure + 4);
                madt.SerialInput = structure[3] == 4 ? input : madt.SerialInput;
                madt.KeyboardInput = structure[3] == 1 ? input : madt.KeyboardInput;
            }
        }

        return madt;
    }
}
