using System;
using System.Runtime.CompilerServices;
using Ember.Platform.Processors;

namespace Ember.Platform.Acpi;

/// <summary>
/// What is needed of the Multiple APIC Description Table (ACPI 6.5, section 5.2.12). The address it gives for the local APIC is not:
/// every processor has its own in an MSR.
/// </summary>
public unsafe struct Madt
{
    private const int FirstStructure = 44;
    private const byte LocalApicType = 0;
    private const byte IoApicType = 1;
    private const byte SourceOverrideType = 2;
    private const byte LocalX2ApicType = 9;
    private const uint Enabled = 1;

    /// <summary>Physical address of the I/O APIC that serves the ISA interrupts; 0 when there is none.</summary>
    public ulong IoApicAddress;

    /// <summary>The I/O APIC input that the serial port's ISA interrupt arrives at.</summary>
    public uint SerialInput;

    /// <summary>The I/O APIC input that the keyboard's ISA interrupt 1 arrives at.</summary>
    public uint KeyboardInput;

    private byte _serialInterrupt;

    /// <summary>The enabled processors. One that may be plugged in later is not among them.</summary>
    public ProcessorList Processors;

    /// <summary>A structure has a length that it cannot have, or runs over the table's end: nothing behind it was read.</summary>
    public bool IsBroken;

    /// <summary>Reads a table whose checksum is right.</summary>
    /// <param name="table">The table.</param>
    /// <param name="serialInterrupt">The serial port's ISA interrupt.</param>
    public static Madt Read(byte* table, byte serialInterrupt = 4)
    {
        var madt = new Madt { _serialInterrupt = serialInterrupt, SerialInput = serialInterrupt, KeyboardInput = 1 };
        uint length = AcpiTables.LengthOf(table);
        uint at = FirstStructure;
        while (at + 2 <= length && table[at + 1] >= 2 && at + table[at + 1] <= length)
        {
            madt.Take(table + at, table[at + 1]);
            at += table[at + 1];
        }

        madt.IsBroken |= at != length;
        return madt;
    }

    /// <summary>What is wrong with it, in words; empty when nothing is.</summary>
    /// <param name="apicId">The processor that this runs on, which is enabled, no doubt.</param>
    public readonly ReadOnlySpan<byte> FaultFor(uint apicId) =>
        IsBroken ? "an entry has a length that it cannot have"u8
        : Processors.Count == 0 ? "no processor is enabled"u8
        : Processors.Omitted != 0 ? "more processors than this core can use"u8
        : !Processors.Contains(apicId) ? "the processor that the core runs on is missing"u8
        : default;

    private void Take(byte* structure, int length)
    {
        switch (structure[0])
        {
            case LocalApicType when length >= 8:
                TakeProcessor(structure[3], structure + 4);
                break;
            case LocalX2ApicType when length >= 16:
                TakeProcessor(Unsafe.ReadUnaligned<uint>(structure + 4), structure + 8);
                break;
            case LocalApicType or LocalX2ApicType:
                IsBroken = true;
                break;
            case IoApicType when length >= 12 && Unsafe.ReadUnaligned<uint>(structure + 8) == 0:
                IoApicAddress = Unsafe.ReadUnaligned<uint>(structure + 4);
                break;
            case SourceOverrideType when length >= 10 && structure[3] == _serialInterrupt:
                SerialInput = Unsafe.ReadUnaligned<uint>(structure + 4);
                break;
            case SourceOverrideType when length >= 10 && structure[3] == 1:
                KeyboardInput = Unsafe.ReadUnaligned<uint>(structure + 4);
                break;
        }
    }

    private void TakeProcessor(uint apicId, byte* flags)
    {
        if ((Unsafe.ReadUnaligned<uint>(flags) & Enabled) != 0)
        {
            Processors.Add(apicId);
        }
    }
}
