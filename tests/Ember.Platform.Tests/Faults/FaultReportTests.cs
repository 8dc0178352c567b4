using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Formats.Symbols;
using Ember.Platform.Faults;

namespace Ember.Platform.Tests.Faults;

public sealed class FaultReportTests
{
    [Fact]
    public void A_page_fault_is_told_in_full()
    {
        FaultFrame frame = Frame(ExceptionVector.PageFault, error: 2, rip: ImageBuilder.Base + 0x103C);

        Assert.Equal(
            [
                "ember: fault: #PF page fault at Machine.Run+0x3c: address 0x0000000000000018, error 0x2 (write, not present)",
                "  rax 00000000000000a1  rbx 00000000000000b1  rcx 00000000000000c1  rdx 00000000000000d1",
                "  rsi 00000000000000e1  rdi 00000000000000f1  rbp 00000000000000b2  rsp 0000000070000000",
                "  r8  0000000000000008  r9  0000000000000009  r10 0000000000000010  r11 0000000000000011",
                "  r12 0000000000000012  r13 0000000000000013  r14 0000000000000014  r15 0000000000000015",
                "  rip 000000014000103c  rfl 0000000000010202  cs  0000000000000008  ss  0000000000000010",
                "  cr0 0000000080010033  cr2 0000000000000018  cr3 0000000000200000  cr4 0000000000000620",
                "  processor 2",
                "  at Machine.Run+0x3c",
                "  at Boot.Main+0x100",
            ],
            Report(frame));
    }

    [Theory]
    [InlineData(0ul, "(read, not present)")]
    [InlineData(1ul, "(read, protection)")]
    [InlineData(3ul, "(write, protection)")]
    [InlineData(17ul, "(execute, protection)")]
    [InlineData(9ul, "(read, reserved bit set)")]
    public void The_page_fault_error_code_is_put_into_words(ulong error, string expected) =>
        Assert.EndsWith(
            expected, Report(Frame(ExceptionVector.PageFault, error, ImageBuilder.Base + 0x1000))[0], StringComparison.Ordinal);

    [Theory]
    [InlineData(0ul, "ember: fault: #DE divide by zero at Machine.Run+0x8: error 0x0")]
    [InlineData(6ul, "ember: fault: #UD invalid opcode at Machine.Run+0x8: error 0x0")]
    [InlineData(13ul, "ember: fault: #GP general protection at Machine.Run+0x8: error 0x0")]
    [InlineData(30ul, "ember: fault: #SX security at Machine.Run+0x8: error 0x0")]
    [InlineData(15ul, "ember: fault: unexpected interrupt 15 at Machine.Run+0x8: error 0x0")]
    [InlineData(0xFFFF_FFFF_FFFF_FFF0ul, "ember: fault: unexpected interrupt 240 at Machine.Run+0x8: error 0x0")]
    public void Every_vector_has_a_name_or_a_number(ulong pushedVector, string expected) =>
        Assert.Equal(expected, Report(Frame(pushedVector, 0, ImageBuilder.Base + 0x1008))[0]);

    [Fact]
    public void Code_without_a_name_is_told_by_its_address()
    {
        string[] unnamed = Report(Frame(6, 0, ImageBuilder.Base + 0x3004));
        string[] outside = Report(Frame(6, 0, 0x18));

        Assert.Equal("ember: fault: #UD invalid opcode at image+0x3004: error 0x0", unnamed[0]);
        Assert.Equal("ember: fault: #UD invalid opcode at 0x0000000000000018: error 0x0", outside[0]);
        Assert.Equal("  at 0x0000000000000018", outside[8]);
        Assert.Equal("  at Boot.Main+0x100", outside[9]);
    }

    [Fact]
    public void The_frame_is_what_the_stub_pushes()
    {
        string[] fields =
        [
            "R15", "R14", "R13", "R12", "R11", "R10", "R9", "R8", "Rbp", "Rdi", "Rsi", "Rdx", "Rcx", "Rbx", "Rax",
            "PushedVector", "ErrorCode", "Rip", "Cs", "Rflags", "Rsp", "Ss",
        ];

        Assert.Equal(176, Marshal.SizeOf<FaultFrame>());
        Assert.Equal(
            Enumerable.Range(0, fields.Length).Select(i => i * 8L), fields.Select(f => (long)Marshal.OffsetOf<FaultFrame>(f)));
    }

    private static FaultFrame Frame(ulong vector, ulong error, ulong rip) => new()
    {
        Rax = 0xA1,
        Rbx = 0xB1,
        Rcx = 0xC1,
        Rdx = 0xD1,
        Rsi = 0xE1,
        Rdi = 0xF1,
        Rbp = 0xB2,
        R8 = 8,
        R9 = 9,
        R10 = 0x10,
        R11 = 0x11,
        R12 = 0x12,
        R13 = 0x13,
        R14 = 0x14,
        R15 = 0x15,
        PushedVector = vector,
        ErrorCode = error,
        Rip = rip,
        Cs = 8,
        Rflags = 0x10202,
        Rsp = SimulatedStack.Low,
        Ss = 0x10,
    };

    /// <summary>Machine.Run at 0x1000 keeps 32 bytes of stack; Boot.Main, whose last instruction calls it, starts at 0x1100.</summary>
    private static string[] Report(FaultFrame frame)
    {
        var image = new ImageBuilder();
        uint info = image.AddInfo(1, 4, 0, [0x3204]);
        image.AddFunction(0x1000, 0x1100, info);
        image.AddFunction(0x1100, 0x1200, info);
        byte[] stack = new byte[256];
        int slot = frame.Rip - ImageBuilder.Base is >= 0x1004 and < 0x1200 ? 32 : 0;
        BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(slot), ImageBuilder.Base + 0x1200);
        var control = new FaultControlRegisters { Cr0 = 0x8001_0033, Cr2 = 0x18, Cr3 = 0x20_0000, Cr4 = 0x620 };
        var sink = new LineList();

        FaultReport.Write(ref sink, frame, control, new FaultScene(
            new MemoryWindow(ImageBuilder.Base, image.Build()),
            new SymbolTable(Symbols()),
            new MemoryWindow(SimulatedStack.Low, stack),
            processor: 2));

        return [.. sink.Lines];
    }

    /// <summary>Three entries and one word ("Ma"), put together by hand.</summary>
    private static byte[] Symbols()
    {
        byte[] functions =
        [
            2, .. "Ma"u8,
            0x80, 0x20, 10, 0x80, .. "chine.Run"u8,
            0x80, 0x02, 8, .. "Boot."u8, 0x80, .. "in"u8,
            0x80, 0x02, 0,
        ];
        byte[] table = new byte[SymbolTableFormat.HeaderSize + functions.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(table, SymbolTableFormat.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.LengthOffset), table.Length);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.FunctionsOffset), 3);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(SymbolTableFormat.WordsOffset), 1);
        functions.CopyTo(table, SymbolTableFormat.HeaderSize);
        return table;
    }
}
