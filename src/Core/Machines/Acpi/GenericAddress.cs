using System.Runtime.InteropServices;

namespace Ember.Core.Machines.Acpi;

/// <summary>Generic Address Structure (ACPI 6.5, section 5.2.3.2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 12)]
internal struct GenericAddress
{
    private const byte SystemIo = 1;

    [FieldOffset(0)]
    public byte AddressSpace;

    [FieldOffset(1)]
    public byte RegisterBitWidth;

    [FieldOffset(2)]
    public byte RegisterBitOffset;

    /// <summary>1 for bytes, 2 for words, 3 for double words.</summary>
    [FieldOffset(3)]
    public byte AccessSize;

    [FieldOffset(4)]
    public uint AddressLow;

    [FieldOffset(8)]
    public uint AddressHigh;

    /// <summary>A register in I/O ports.</summary>
    public GenericAddress(ushort port, byte bitWidth, byte accessSize)
    {
        AddressSpace = SystemIo;
        RegisterBitWidth = bitWidth;
        RegisterBitOffset = 0;
        AccessSize = accessSize;
        AddressLow = port;
        AddressHigh = 0;
    }
}
