using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Platform.Acpi;

namespace Ember.Platform.Tests.Acpi;

/// <summary>Tables as firmware publishes them, laid out by hand from the ACPI specification.</summary>
public sealed unsafe class AcpiTablesTests : IDisposable
{
    private readonly List<nint> _allocations = [];

    public void Dispose()
    {
        foreach (nint allocation in _allocations)
        {
            NativeMemory.Free((void*)allocation);
        }
    }

    [Fact]
    public void A_table_is_found_by_its_signature()
    {
        byte* madt = Table("APIC", new byte[8]);
        byte* root = Root(Table("FACP", new byte[200]), madt);
        Assert.True(AcpiTables.TryOpen(root, out AcpiTables tables));
        Assert.True(tables.Find("APIC"u8) == madt);
        Assert.True(tables.Find("SRAT"u8) == null);
    }

    [Fact]
    public void A_missing_or_damaged_root_is_refused()
    {
        Assert.False(AcpiTables.TryOpen(null, out _));
        byte* root = Root(Table("APIC", new byte[8]));
        root[10] ^= 1;
        Assert.False(AcpiTables.TryOpen(root, out _));
        root[10] ^= 1;
        root[0] ^= 1;
        Assert.False(AcpiTables.TryOpen(root, out _));
    }

    [Fact]
    public void A_table_with_a_wrong_checksum_is_not_there()
    {
        byte* madt = Table("APIC", new byte[8]);
        byte* root = Root(madt);
        madt[40] ^= 1;
        Assert.True(AcpiTables.TryOpen(root, out AcpiTables tables));
        Assert.True(tables.Find("APIC"u8) == null);
    }

    [Fact]
    public void The_madt_names_the_io_apic_and_where_com1_arrives()
    {
        byte[] body = new byte[8 + 12 + 10];
        byte[] ioApic = [1, 12, 0, 0, 0, 0, 0xC0, 0xFE, 0, 0, 0, 0];
        byte[] moved = [2, 10, 0, 4, 20, 0, 0, 0, 0, 0];
        ioApic.CopyTo(body, 8);
        moved.CopyTo(body, 20);
        Madt madt = Madt.Read(Table("APIC", body));
        Assert.Equal(0xFEC0_0000ul, madt.IoApicAddress);
        Assert.Equal(20u, madt.SerialInput);
        Assert.Equal(3u, Madt.Read(Table("APIC", body), serialInterrupt: 3).SerialInput);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(200)]
    public void A_structure_of_impossible_length_ends_the_madt(byte length)
    {
        byte[] body = new byte[8 + 12];
        body[8] = 1;
        body[9] = length;
        Madt madt = Madt.Read(Table("APIC", body));
        Assert.Equal(0ul, madt.IoApicAddress);
        Assert.Equal(4u, madt.SerialInput);
    }

    private byte* Root(params ReadOnlySpan<nint> tables)
    {
        byte[] entries = new byte[tables.Length * 8];
        for (int i = 0; i < tables.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(entries.AsSpan(i * 8), tables[i]);
        }

        byte* directory = Table("XSDT", entries);
        byte[] root = new byte[36];
        "RSD PTR "u8.CopyTo(root);
        root[15] = 2;
        BinaryPrimitives.WriteInt64LittleEndian(root.AsSpan(24), (nint)directory);
        root[8] = (byte)-root.Take(20).Sum(b => b);
        return Keep(root);
    }

    private byte* Root(byte* first) => Root([(nint)first]);

    private byte* Root(byte* first, byte* second) => Root([(nint)first, (nint)second]);

    private byte* Table(string signature, byte[] body)
    {
        byte[] table = [.. System.Text.Encoding.ASCII.GetBytes(signature), .. new byte[32], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(4), table.Length);
        table[9] = (byte)-table.Sum(b => b);
        return Keep(table);
    }

    private byte* Keep(byte[] bytes)
    {
        byte* memory = (byte*)NativeMemory.Alloc((nuint)bytes.Length);
        _allocations.Add((nint)memory);
        bytes.CopyTo(new Span<byte>(memory, bytes.Length));
        return memory;
    }
}
