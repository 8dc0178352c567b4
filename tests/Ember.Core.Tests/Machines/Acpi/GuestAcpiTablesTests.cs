using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Core.Machines.Acpi;
using Ember.Core.Memory;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Core.Tests.Machines.Acpi;

public sealed unsafe class GuestAcpiTablesTests
{
    private const int Region = (int)GuestAcpiTables.Address;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(255)]
    public void Every_table_is_found_from_the_RSDP_with_right_checksums(int processors)
    {
        byte[] memory = Build(processors);
        Dictionary<string, byte[]> tables = Tables(memory);
        Assert.Equal(["APIC", "DSDT", "FACP", "FACS", "RSDP", "XSDT"], tables.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(0, Sum(tables["RSDP"][..20]));
        Assert.Equal((byte)2, tables["RSDP"][15]);
        foreach ((string name, byte[] table) in tables)
        {
            Assert.True(name == "FACS" || Sum(table) == 0, $"checksum of {name}");
            Assert.True(name is "FACS" or "RSDP" || Encoding.ASCII.GetString(table, 10, 14) == "EMBER EMBERVM ", $"maker of {name}");
        }

        Assert.Equal(276, tables["FACP"].Length);
        Assert.True(memory.AsSpan(0, Region).IndexOfAnyExcept((byte)0) < 0);
    }

    [Fact]
    public void Processors_and_interrupts_are_described()
    {
        byte[] madt = Tables(Build(3))["APIC"];
        Assert.Equal(0xFEE0_0000U, U32(madt, 36));
        Assert.Equal(1U, U32(madt, 40));
        List<string> entries = [];
        for (int at = 44; at < madt.Length; at += madt[at + 1])
        {
            entries.Add(Convert.ToHexString(madt, at, madt[at + 1]));
        }

        Assert.Equal(
            [
                "0008000001000000",
                "0008010101000000",
                "0008020201000000",
                "010C00000000C0FE00000000",
                "020A0000020000000000",
                "020A0009090000000D00",
                "0406FF000001",
            ],
            entries);
    }

    [Fact]
    public void Sixteen_processors_are_numbered_from_zero_and_enabled()
    {
        byte[] madt = Tables(Build(16))["APIC"];
        for (int i = 0; i < 16; i++)
        {
            byte[] entry = madt[(44 + (i * 8))..(52 + (i * 8))];
            Assert.Equal([0, 8, (byte)i, (byte)i, 1, 0, 0, 0], entry);
        }

        Assert.Equal(1, madt[44 + (16 * 8)]);
    }

    [Fact]
    public void Fixed_hardware_is_where_the_devices_are()
    {
        byte[] fadt = Tables(Build(1))["FACP"];
        Assert.Equal(9, U16(fadt, 46));
        Assert.Equal((0x600U, 0x604U, 0x608U), (U32(fadt, 56), U32(fadt, 64), U32(fadt, 76)));
        Assert.Equal((4, 2, 4), (fadt[88], fadt[89], fadt[91]));
        // No SMI command: the machine is in ACPI mode and stays there.
        Assert.Equal((0U, 0, 0), (U32(fadt, 48), fadt[52], fadt[53]));
        Assert.Equal(5, U16(fadt, 109));
        Assert.Equal("01080001F90C000000000000", Convert.ToHexString(fadt, 116, 12));
        Assert.Equal(6, fadt[128]);
        Assert.Equal("012000020006000000000000", Convert.ToHexString(fadt, 148, 12));
        Assert.Equal("011000020406000000000000", Convert.ToHexString(fadt, 172, 12));
        Assert.Equal("012000030806000000000000", Convert.ToHexString(fadt, 208, 12));
        // Power button fixed, sleep button and RTC wake not; 32-bit timer; reset register; not hardware-reduced.
        Assert.Equal(0b1_0101_0110_0101U, U32(fadt, 112));
    }

    [Theory]
    [InlineData(0, 1 << 20)]
    [InlineData(256, 1 << 20)]
    [InlineData(-1, 1 << 20)]
    [InlineData(1, 0xE_FFFF)]
    [InlineData(1, 0xD_0000)]
    public void What_does_not_fit_is_refused_and_nothing_is_written(int processors, int size)
    {
        byte[] memory = new byte[1 << 20];
        fixed (byte* origin = memory)
        {
            Assert.False(GuestAcpiTables.TryWrite(new GuestMemory(origin, (ulong)size), processors));
        }

        Assert.True(memory.AsSpan().IndexOfAnyExcept((byte)0) < 0);
    }

    /// <summary>iasl takes every table apart, finds nothing to complain of, and puts the DSDT together again.</summary>
    [Fact]
    public void Tables_pass_the_reference_disassembler_and_compiler()
    {
        string folder = Directory.CreateTempSubdirectory("ember-acpi-").FullName;
        try
        {
            foreach ((string name, byte[] table) in Tables(Build(2)).Where(pair => pair.Key is not "RSDP"))
            {
                string path = Path.Combine(folder, name + ".aml");
                File.WriteAllBytes(path, table);
                string text = Iasl("-d", path);
                string source = File.ReadAllText(Path.Combine(folder, name + ".dsl"));
                foreach (string complaint in (string[])["Invalid", "Incorrect", "Warning", "Error", "Unknown"])
                {
                    Assert.DoesNotContain(complaint, source, StringComparison.OrdinalIgnoreCase);
                    Assert.DoesNotContain(complaint, text, StringComparison.OrdinalIgnoreCase);
                }

                Assert.Contains("0 Errors, 0 Warnings", Iasl(Path.Combine(folder, name + ".dsl")), StringComparison.Ordinal);
            }

            string words = string.Join(
                ' ',
                File.ReadAllText(Path.Combine(folder, "DSDT.dsl")).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Assert.Contains("Name (_S5, Package (0x04) // _S5_: S5 System State { 0x05, 0x00, 0x00, 0x00 })", words, StringComparison.Ordinal);
            Assert.Contains("""Device (COM1) { Name (_HID, EisaId ("PNP0501")""", words, StringComparison.Ordinal);
            Assert.Contains("""Device (RTC) { Name (_HID, EisaId ("PNP0B00")""", words, StringComparison.Ordinal);
            Assert.Contains(
                "IO (Decode16, 0x03F8, // Range Minimum 0x03F8, // Range Maximum 0x01, // Alignment 0x08, // Length ) IRQNoFlags () {4}",
                words,
                StringComparison.Ordinal);
            Assert.Contains("0x02, // Length ) IRQNoFlags () {8}", words, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Iasl(params string[] arguments)
    {
        (string text, int exitCode) = HostTool.Run("acpica-tools", "iasl", arguments);
        Assert.True(exitCode == 0, text);
        return text;
    }

    private static byte[] Build(int processors)
    {
        byte[] memory = new byte[1 << 20];
        fixed (byte* origin = memory)
        {
            Assert.True(GuestAcpiTables.TryWrite(new GuestMemory(origin, (ulong)memory.Length), processors));
        }

        return memory;
    }

    /// <summary>Follows the pointers as an operating system does.</summary>
    private static Dictionary<string, byte[]> Tables(byte[] memory)
    {
        Dictionary<string, byte[]> tables = [];
        byte[] rsdp = memory[Region..(Region + 36)];
        Assert.Equal("RSD PTR ", Encoding.ASCII.GetString(rsdp, 0, 8));
        Assert.Equal(36U, U32(rsdp, 20));
        tables.Add("RSDP", rsdp);
        byte[] xsdt = Add(BinaryPrimitives.ReadUInt64LittleEndian(rsdp.AsSpan(24)));
        for (int at = 36; at < xsdt.Length; at += 8)
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(xsdt.AsSpan(at)));
        }

        byte[] fadt = tables["FACP"];
        Add(U32(fadt, 36));
        Add(U32(fadt, 40));
        Assert.Equal(0UL, U32(fadt, 36) % 64);
        return tables;

        byte[] Add(ulong address)
        {
            Assert.InRange(address, GuestAcpiTables.Address, GuestAcpiTables.Address + GuestAcpiTables.Size - 36);
            int start = (int)address;
            byte[] table = memory[start..(start + (int)U32(memory, start + 4))];
            tables.Add(Encoding.ASCII.GetString(table, 0, 4), table);
            return table;
        }
    }

    private static byte Sum(byte[] bytes) => (byte)bytes.Sum(value => value);

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
}
