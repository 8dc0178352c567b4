using System;
using System.Buffers.Binary;
using System.Linq;
using Ember.Core.Machines;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Machines;

/// <summary>INS and OUTS.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class VirtualMachineStringPortTests : IDisposable
{
    private const int Text = 0x5000;
    private const ushort Uart = 0x3F8;
    private const ushort LineStatus = 0x3FD;
    private const byte Idle = 0x60;
    private const uint FlatData = 0xC093;
    private const int Tables = 0x1_0000;

    private readonly MachineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_repeated_output_says_its_text_and_moves_on()
    {
        "login:"u8.CopyTo(_bench.Memory[Text..]);
        _bench.WithCode(0xF3, 0x6E).Then((ref FakeProcessor p) =>
        {
            (p.Registers.Rsi, p.Registers.Rcx) = (Text, 6);
            return Output();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress + 2, Text + 6ul, 0ul), (p.InstructionPointer, p.Registers.Rsi, p.Registers.Rcx));
            return Resume();
        }).Run();
        Assert.StartsWith("login:\r\n", _bench.Hardware.Serial, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_output_exits_again_after_64_elements()
    {
        _bench.WithCode(0xF3, 0x6E).Then((ref FakeProcessor p) =>
        {
            (p.Registers.Rsi, p.Registers.Rcx) = (Text, 100);
            return Output();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress, Text + 64ul, 36ul), (p.InstructionPointer, p.Registers.Rsi, p.Registers.Rcx));
            return Output();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress + 2, Text + 100ul, 0ul), (p.InstructionPointer, p.Registers.Rsi, p.Registers.Rcx));
            return Resume();
        }).Run();
    }

    [Theory]
    [InlineData(0ul, Text + 1ul)]
    [InlineData(Rflags.Direction, Text - 1ul)]
    public void An_input_without_REP_reads_once_and_goes_where_the_flag_says(ulong flags, ulong after)
    {
        _bench.WithCode(0x6C).Then((ref FakeProcessor p) =>
        {
            (p.Registers.Rdi, p.Registers.Rcx) = (Text, 9);
            p.Flags = flags;
            return Input();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress + 1, after, 9ul), (p.InstructionPointer, p.Registers.Rdi, p.Registers.Rcx));
            return Resume();
        }).Run();
        Assert.Equal([0, Idle, 0], _bench.Memory[(Text - 1)..(Text + 2)].ToArray());
    }

    /// <summary>67 makes addresses 32 bits wide here: registers wrap there and lose their upper halves.</summary>
    [Fact]
    public void A_narrower_address_counts_in_its_own_width() =>
        _bench.WithCode(0x67, 0xF3, 0x6C).Then((ref FakeProcessor p) =>
        {
            (p.Registers.Rdi, p.Registers.Rcx) = (0xAAAA_0000_0000_5000, 0xBBBB_0000_0000_0002);
            return Input();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal((MachineBench.CodeAddress + 3, Text + 2ul, 0ul), (p.InstructionPointer, p.Registers.Rdi, p.Registers.Rcx));
            Assert.Equal([Idle, Idle, 0], _bench.Memory[Text..(Text + 3)].ToArray());
            return Resume();
        }).Run();

    [Fact]
    public void No_element_at_all_is_none() =>
        _bench.WithCode(0xF3, 0x6C).Then((ref FakeProcessor p) => Input()).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(MachineBench.CodeAddress + 2, p.InstructionPointer);
            Assert.Equal(0, _bench.Memory[0]);
            return Resume();
        }).Run();

    /// <summary>A page that is there, one that may not be written, and none: the elements before the fault are done.</summary>
    [Theory]
    [InlineData(new byte[] { 0xF3, 0x6C }, 3ul, "page fault 3 at 6000")]
    [InlineData(new byte[] { 0xF3, 0x6C }, 2ul, "page fault 2 at 6000")]
    [InlineData(new byte[] { 0xF3, 0x6E }, 2ul, "page fault 0 at 6000")]
    public void A_page_fault_leaves_what_was_done(byte[] code, ulong missing, string fault)
    {
        MapPages();
        SetEntry(0x3000, 6, missing == 3 ? 0x6001u : 0);
        bool isInput = code[1] == 0x6C;
        _bench.WithCode(code).Then((ref FakeProcessor p) =>
        {
            p.Paging = Paging();
            (p.Registers.Rsi, p.Registers.Rdi, p.Registers.Rcx) = (0x5FFE, 0x5FFE, 5);
            return isInput ? Input() : Output();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal([fault], FakeProcessor.Events);
            Assert.Equal(
                (MachineBench.CodeAddress, 0x6000ul, 3ul),
                (p.InstructionPointer, isInput ? p.Registers.Rdi : p.Registers.Rsi, p.Registers.Rcx));
            p.Paging = default;
            return Resume();
        }).Run();
    }

    [Fact]
    public void An_element_in_two_pages_goes_into_both_or_none()
    {
        MapPages();
        SetEntry(0x3000, 6, 0x8003);
        SetEntry(0x3000, 7, 0);
        _bench.WithCode(0x6D).Then((ref FakeProcessor p) =>
        {
            p.Paging = Paging();
            p.Registers.Rdi = 0x5FFE;
            return Input(4);
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal([Idle, 0xB0, 0, 0xFF], [.. _bench.Memory[0x5FFE..0x6000], .. _bench.Memory[0x8000..0x8002]]);
            p.InstructionPointer = MachineBench.CodeAddress;
            p.Registers.Rdi = 0x6FFD;
            return Input(4);
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["page fault 2 at 7000"], FakeProcessor.Events);
            Assert.Equal((0x6FFDul, 0), (p.Registers.Rdi, _bench.Memory[0x8FFD]));
            p.Paging = default;
            return Resume();
        }).Run();
    }

    [Fact]
    public void An_address_that_is_not_canonical_is_a_protection_fault()
    {
        MapPages();
        _bench.WithCode(0x6C).Then((ref FakeProcessor p) =>
        {
            p.Paging = Paging();
            p.Registers.Rdi = 1ul << 60;
            return Input();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["exception 13 error 0"], FakeProcessor.Events);
            p.Paging = default;
            return Resume();
        }).Run();
    }

    /// <summary>In 32-bit mode: behind the limit, in a segment that may not be written, in one that is not there, and in the stack's.</summary>
    [Theory]
    [InlineData(new byte[] { 0x6C }, Text - 1u, FlatData, "exception 13 error 0")]
    [InlineData(new byte[] { 0x6C }, uint.MaxValue, 0xC091u, "exception 13 error 0")]
    [InlineData(new byte[] { 0x6C }, uint.MaxValue, 0u, "exception 13 error 0")]
    [InlineData(new byte[] { 0x36, 0x6E }, Text - 1u, FlatData, "exception 12 error 0")]
    [InlineData(new byte[] { 0x6E }, uint.MaxValue, 0xC099u, "exception 13 error 0")]
    public void A_segment_that_does_not_allow_it_gives_its_fault(byte[] code, uint limit, uint rights, string fault) =>
        _bench.WithCode(code).Then((ref FakeProcessor p) =>
        {
            p.Mode = OperatingMode.Bits32;
            p.AllSegments = new SegmentState { Limit = limit, Rights = rights };
            (p.Registers.Rsi, p.Registers.Rdi) = (Text, Text);
            return code[^1] == 0x6C ? Input() : Output();
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal([fault], FakeProcessor.Events);
            Assert.Equal(MachineBench.CodeAddress, p.InstructionPointer);
            return Resume();
        }).Run();

    [Fact]
    public void A_segment_begins_at_its_base()
    {
        _bench.WithCode(0x6C).Then((ref FakeProcessor p) =>
        {
            p.Mode = OperatingMode.Bits32;
            p.AllSegments = new SegmentState { Base = 0xFFFF_F000, Limit = uint.MaxValue, Rights = FlatData };
            p.Registers.Rdi = Text + 0x1000;
            return Input();
        }).Run();
        Assert.Equal(Idle, _bench.Memory[Text]);
    }

    [Theory]
    [InlineData(0x6E)]
    [InlineData(0x6D)]
    [InlineData(0xEC)]
    public void An_instruction_that_does_not_fit_the_exit_stops_the_machine(byte code) =>
        Assert.Equal(MachineStop.UnknownInstruction, _bench.WithCode(code).Then((ref FakeProcessor p) => Input()).Run());

    private static VmExit Output() => new() { Kind = ExitKind.PortWrite, Port = Uart, Size = 1, IsString = true };

    private static VmExit Input(byte size = 1) =>
        new() { Kind = ExitKind.PortRead, Port = LineStatus, Size = size, IsString = true };

    private static VmExit Resume() => new() { Kind = ExitKind.InterruptWindow };

    private static PagingState Paging() => new()
    {
        Cr0 = Cr0.Paging | Cr0.ProtectionEnable | Cr0.WriteProtect,
        Cr3 = Tables,
        Cr4 = Cr4.PhysicalAddressExtension,
        Efer = Efer.LongModeEnable | Efer.LongModeActive,
    };

    /// <summary>The first 16 pages, one to one.</summary>
    private void MapPages()
    {
        SetEntry(0, 0, Tables + 0x1003);
        SetEntry(0x1000, 0, Tables + 0x2003);
        SetEntry(0x2000, 0, Tables + 0x3003);
        foreach (int page in Enumerable.Range(0, 16))
        {
            SetEntry(0x3000, page, ((uint)page << 12) | 3);
        }
    }

    private void SetEntry(int table, int index, uint entry) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_bench.Memory[(Tables + table + (index * 8))..], entry);
}
