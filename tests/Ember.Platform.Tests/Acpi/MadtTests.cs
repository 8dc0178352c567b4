using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Platform.Acpi;
using Ember.Platform.Processors;

namespace Ember.Platform.Tests.Acpi;

/// <summary>The processors in tables laid out by hand from ACPI 6.5, section 5.2.12.</summary>
public sealed unsafe class MadtTests
{
    private const int BodyOffset = 44;

    [Fact]
    public void Enabled_processors_are_found_by_both_kinds_of_entry_each_once()
    {
        Madt madt = Read([.. Local(3, 1), .. Local(1, 1), .. Extended(0x1_0000, 1), .. Local(3, 1), .. Extended(1, 1)]);
        Assert.Equal([3u, 1u, 0x1_0000u], Ids(in madt));
        Assert.True(madt.Processors.HasLongIds);
        Assert.Equal("", Fault(in madt, 1));
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void A_processor_that_is_not_enabled_yet_is_left_alone(uint flags)
    {
        Madt madt = Read([.. Local(0, 1), .. Local(5, flags), .. Extended(6, flags)]);
        Assert.Equal([0u], Ids(in madt));
        Assert.False(madt.Processors.HasLongIds);
    }

    [Fact]
    public void Beyond_64_processors_the_rest_are_counted()
    {
        Madt madt = Read([.. Enumerable.Range(0, 70).SelectMany(id => Local((byte)id, 1))]);
        Assert.Equal((64, 6), (madt.Processors.Count, madt.Processors.Omitted));
        Assert.Equal(Enumerable.Range(0, 64).Select(id => (uint)id), Ids(in madt));
        Assert.Equal("more processors than this core can use", Fault(in madt, 0));
    }

    [Fact]
    public void A_table_without_the_own_processor_or_any_is_told()
    {
        Madt other = Read(Local(4, 1));
        Assert.Equal("the processor that the core runs on is missing", Fault(in other, 0));
        Madt none = Read(Local(0, 0));
        Assert.Equal("no processor is enabled", Fault(in none, 0));
    }

    [Theory]
    [InlineData(new byte[] { 0, 8, 0 })]
    [InlineData(new byte[] { 0, 0 })]
    [InlineData(new byte[] { 0, 1 })]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 7, 0, 9, 1, 0, 0 })]
    [InlineData(new byte[] { 9, 8, 0, 0, 9, 0, 0, 0 })]
    [InlineData(new byte[] { 200, 50, 0, 0 })]
    public void What_stands_before_a_broken_entry_is_used(byte[] broken)
    {
        Madt madt = Read([.. Local(7, 1), .. broken]);
        Assert.Equal([7u], Ids(in madt));
        Assert.Equal("an entry has a length that it cannot have", Fault(in madt, 7));
    }

    /// <summary>The entries of an unbroken table are those that a second reading, entry by entry from the manual, finds.</summary>
    [Fact]
    public void Any_bytes_are_read_to_their_end_and_no_further() => Gen.Byte[0, 20].Array[0, 300].Sample(body =>
    {
        Madt madt = Read(body);
        List<uint> expected = [];
        int at = 0;
        while (at + 2 <= body.Length && body[at + 1] >= 2 && at + body[at + 1] <= body.Length)
        {
            ReadOnlySpan<byte> entry = body.AsSpan(at, body[at + 1]);
            if (entry[0] == 0 && entry.Length >= 8 && (entry[4] & 1) != 0)
            {
                expected.Add(entry[3]);
            }
            else if (entry[0] == 9 && entry.Length >= 16 && (entry[8] & 1) != 0)
            {
                expected.Add(BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]));
            }

            at += entry.Length;
        }

        Assert.Equal(expected.Distinct().Take(ProcessorList.MaximumCount), Ids(in madt));
        Assert.True(madt.IsBroken || at == body.Length);
    });

    private static byte[] Local(byte id, uint flags) => [0, 8, 99, id, (byte)flags, 0, 0, 0];

    private static byte[] Extended(uint id, uint flags)
    {
        byte[] entry = [9, 16, .. new byte[14]];
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(4), id);
        BinaryPrimitives.WriteUInt32LittleEndian(entry.AsSpan(8), flags);
        return entry;
    }

    private static string Fault(in Madt madt, uint own) => Encoding.ASCII.GetString(madt.FaultFor(own));

    private static uint[] Ids(in Madt madt)
    {
        uint[] ids = new uint[madt.Processors.Count];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = madt.Processors[i];
        }

        return ids;
    }

    private static Madt Read(byte[] body)
    {
        byte[] table = [.. new byte[BodyOffset], .. body];
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(4), table.Length);

        // Memory of exactly this length with another table's entry behind it.
        byte[] memory = [.. table, .. Local(200, 1), .. Local(201, 1), .. new byte[256]];
        fixed (byte* bytes = memory)
        {
            return Madt.Read(bytes);
        }
    }
}
