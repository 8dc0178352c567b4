using System.Runtime.InteropServices;

namespace Ember.Core.Machines.Maps;

/// <summary>A range of guest-physical memory as firmware reports it (ACPI 6.5, section 15.1).</summary>
[StructLayout(LayoutKind.Explicit, Size = 20)]
internal struct E820Entry
{
    public const uint Memory = 1;
    public const uint Reserved = 2;
    public const uint AcpiTables = 3;

    [FieldOffset(0)]
    public ulong Address;

    [FieldOffset(8)]
    public ulong Length;

    [FieldOffset(16)]
    public uint Type;

    public E820Entry(ulong start, ulong end, uint type)
    {
        Address = start;
        Length = end - start;
        Type = type;
    }
}
