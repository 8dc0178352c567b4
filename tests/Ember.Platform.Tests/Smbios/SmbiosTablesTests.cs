using System;
using System.Buffers.Binary;
using System.Text;
using Ember.Platform.Smbios;
using Ember.Platform.Uefi;

namespace Ember.Platform.Tests.Smbios;

/// <summary>Structures as firmware publishes them, laid out by hand from DSP0134.</summary>
public sealed unsafe class SmbiosTablesTests
{
    private const ulong Smbios3Low = 0x4A2C_9794_F2FD_1544;
    private const ulong Smbios3High = 0x94E3_20CF_BBE5_2E99;
    private const ulong SmbiosLow = 0x11D3_2D88_EB9D_2D31;
    private const ulong SmbiosHigh = 0x4DC1_3F27_9000_169A;

    // Type 0 without texts, type 1 with two, type 2 whose product has number 3 of two texts, type 127.
    private static byte[] Table =>
    [
        0, 6, 0, 0, 0, 0, 0, 0,
        1, 8, 1, 0, 1, 2, 0, 0, .. "Contoso\0"u8, .. "Edge 9\0"u8, 0,
        2, 8, 2, 0, 2, 3, 0, 0, .. "A\0"u8, .. "B\0"u8, 0,
        127, 4, 3, 0, 0, 0,
    ];

    [Theory]
    [InlineData(SmbiosTables.System, SmbiosTables.Manufacturer, "Contoso")]
    [InlineData(SmbiosTables.System, SmbiosTables.Product, "Edge 9")]
    [InlineData(SmbiosTables.Baseboard, SmbiosTables.Manufacturer, "B")]
    [InlineData(SmbiosTables.Baseboard, SmbiosTables.Product, "")]
    [InlineData(SmbiosTables.System, 6, "")]
    [InlineData(SmbiosTables.System, 200, "")]
    [InlineData(3, SmbiosTables.Product, "")]
    public void Texts_are_found_by_their_numbers(byte type, int offset, string expected) =>
        Assert.Equal(expected, Encoding.ASCII.GetString(new SmbiosTables(Table).Text(type, offset)));

    [Fact]
    public void A_table_that_ends_anywhere_is_read_no_further()
    {
        byte[] table = Table;
        for (int length = 0; length < table.Length; length++)
        {
            SmbiosTables tables = new(table.AsSpan(0, length));
            string name = Encoding.ASCII.GetString(tables.Text(SmbiosTables.Baseboard, SmbiosTables.Manufacturer));
            Assert.StartsWith(name, "B", StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(255)]
    public void A_structure_of_an_impossible_length_ends_the_table(byte length)
    {
        byte[] table = Table;
        table[1] = length;
        Assert.True(new SmbiosTables(table).Text(SmbiosTables.System, SmbiosTables.Product).IsEmpty);
    }

    [Fact]
    public void The_entry_point_of_either_version_leads_to_the_table()
    {
        byte[] bytes = Table;
        fixed (byte* table = bytes)
        {
            byte[] entry3 = new byte[24];
            "_SM3_"u8.CopyTo(entry3);
            BinaryPrimitives.WriteUInt32LittleEndian(entry3.AsSpan(12), (uint)bytes.Length);
            BinaryPrimitives.WriteUInt64LittleEndian(entry3.AsSpan(16), (ulong)table);
            Assert.Equal("Edge 9", Product(entry3, Smbios3Low, Smbios3High));

            // One of version 2 cannot lead above 4 GiB, where a test's memory is: it is read, and its length of 0 believed.
            byte[] entry2 = new byte[31];
            "_SM_"u8.CopyTo(entry2);
            BinaryPrimitives.WriteUInt32LittleEndian(entry2.AsSpan(0x18), 0x1000);
            Assert.Equal("", Product(entry2, SmbiosLow, SmbiosHigh));

            entry3[0] = 0;
            Assert.Equal("", Product(entry3, Smbios3Low, Smbios3High));
        }
    }

    private static string Product(byte[] entry, ulong low, ulong high)
    {
        fixed (byte* entryPoint = entry)
        {
            EfiConfigurationTable* tables = stackalloc EfiConfigurationTable[2];
            tables[0] = new EfiConfigurationTable { VendorGuid = EfiGuid.Acpi20Table, VendorTable = null };
            tables[1] = new EfiConfigurationTable { VendorGuid = new EfiGuid(low, high), VendorTable = entryPoint };
            EfiSystemTable system = new() { NumberOfTableEntries = 2, ConfigurationTable = tables };
            return Encoding.ASCII.GetString(SmbiosTables.Open(&system).Text(SmbiosTables.System, SmbiosTables.Product));
        }
    }
}
