using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Platform.Tests.Processors;

/// <summary>The tables as a processor finds them, by the pointers it is given, decoded as the manual says.</summary>
public sealed unsafe class DescriptorTablesTests : IDisposable
{
    private const ulong Entries = 0xFFFF_8123_4567_89A8;
    private static readonly ulong[] _stackTops =
        [0x1111_2222_3333_4440, 0x5555_6666_7777_8880, 0x9999_AAAA_BBBB_CCC0, 0x1234_5678_9ABC_DEF0];
    private readonly Loader _loader = new();
    private readonly DescriptorTables* _tables = (DescriptorTables*)NativeMemory.AllocZeroed((nuint)sizeof(DescriptorTables));

    public DescriptorTablesTests()
    {
        Cpu.Hardware = _loader;
        _tables->Fill((byte*)Entries, _stackTops);
        _tables->Load();
    }

    public void Dispose() => NativeMemory.Free(_tables);

    [Fact]
    public void Global_table_task_register_and_interrupt_table_are_loaded_in_this_order()
    {
        Assert.Equal(["table 39", "task 24", "table 4095"], _loader.Steps);
        Assert.Equal((8, 0x10, 0x18), (DescriptorTables.CodeSelector, DescriptorTables.DataSelector, DescriptorTables.TaskSelector));
    }

    /// <summary>Code and data descriptors: type 43:40, S 44, DPL 46:45, P 47, L 53, D 54 (APM volume 2, 4.8.1 and 4.8.2).</summary>
    [Fact]
    public void Code_is_64_bit_and_privileged_and_data_is_writable()
    {
        ulong* table = (ulong*)_loader.Bases[0];
        Assert.Equal(0ul, table[0]);
        Assert.Equal((0xBul, 1ul, 0ul, 1ul, 1ul, 0ul), Rights(table[1]));
        Assert.Equal((0x3ul, 1ul, 0ul, 1ul, 0ul, 0ul), Rights(table[2]));
    }

    /// <summary>A 64-bit TSS descriptor takes two entries: type 9, base in 39:16, 63:56 and the next entry (APM volume 2, 4.8.3).</summary>
    [Fact]
    public void The_task_state_has_the_four_interrupt_stacks_and_no_port_map()
    {
        ulong* table = (ulong*)_loader.Bases[0];
        ulong low = table[3];
        Assert.Equal((9ul, 0ul, 0ul, 1ul), (low >> 40 & 15, low >> 44 & 1, low >> 45 & 3, low >> 47 & 1));
        Assert.Equal(103ul, (low & 0xFFFF) | (low >> 32 & 0xF_0000));
        Assert.Equal(0ul, low >> 55 & 1);
        byte* task = (byte*)((low >> 16 & 0xFF_FFFF) | (low >> 56 << 24) | (table[4] << 32));
        Assert.Equal(0ul, table[4] >> 32);
        Assert.InRange((ulong)task, (ulong)_tables, (ulong)_tables + (ulong)sizeof(DescriptorTables) - 104);

        // IST1 to IST7 from offset 36 on, eight bytes each; the map's base at 102 lies behind the segment: no port is allowed.
        for (int i = 0; i < 7; i++)
        {
            Assert.Equal(i < 4 ? _stackTops[i] : 0, *(ulong*)(task + 36 + (i * 8)));
        }

        Assert.Equal(104, *(ushort*)(task + 102));
    }

    /// <summary>Interrupt gates (APM volume 2, 4.8.4): offset 15:0, selector 31:16, IST 34:32, type 43:40, DPL 46:45, P 47, offset
    /// 63:48 and the low half of the next eight bytes.</summary>
    [Fact]
    public void Every_vector_has_its_entry_and_every_exception_a_stack_that_is_known_good()
    {
        ulong* table = (ulong*)_loader.Bases[1];
        for (int vector = 0; vector < 256; vector++)
        {
            ulong low = table[vector * 2];
            ulong high = table[(vector * 2) + 1];
            Assert.Equal(Entries + ((ulong)vector * 8), (low & 0xFFFF) | (low >> 48 << 16) | (high << 32));
            Assert.Equal((8ul, 0xEul, 0ul, 0ul, 1ul), (low >> 16 & 0xFFFF, low >> 40 & 15, low >> 44 & 1, low >> 45 & 3, low >> 47 & 1));
            ulong stack = vector switch { 8 => 2, 2 => 3, 18 => 4, < 32 => 1, _ => 0 };
            Assert.Equal((vector, stack), (vector, low >> 32 & 0xFF));
            Assert.Equal((int)stack, DescriptorTables.InterruptStackOf(vector));
            Assert.Equal(0ul, high >> 32);
        }
    }

    private static (ulong Type, ulong NotSystem, ulong Privilege, ulong Present, ulong Long, ulong Default) Rights(ulong descriptor) => (
        descriptor >> 40 & 15, descriptor >> 44 & 1, descriptor >> 45 & 3, descriptor >> 47 & 1,
        descriptor >> 53 & 1, descriptor >> 54 & 1);

    private sealed class Loader : RefusingHardware
    {
        public List<string> Steps { get; } = [];

        public List<ulong> Bases { get; } = [];

        public override void LoadDescriptorTable(in DescriptorTablePointer table)
        {
            Assert.Equal(10, sizeof(DescriptorTablePointer));
            Steps.Add($"table {table.Limit}");
            Bases.Add(table.Base);
        }

        public override void LoadTaskRegister(ushort selector) => Steps.Add($"task {selector}");
    }
}
