using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Svm;
using Ember.Stubs.Assembly;
using Ember.Stubs.Coff;
using Iced.Intel;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>What the processor and the world switch find at which offset.</summary>
public sealed unsafe class VmcbLayoutTests
{
    /// <summary>AMD APM volume 2, tables B-1 and B-2: name, offset and width in bytes of what this core uses.</summary>
    private static readonly Dictionary<string, (int Offset, int Width)> _manual = new()
    {
        ["InterceptExceptions"] = (0x008, 4),
        ["Intercept1"] = (0x00C, 4),
        ["Intercept2"] = (0x010, 4),
        ["IoPermissionsBase"] = (0x040, 8),
        ["MsrPermissionsBase"] = (0x048, 8),
        ["TscOffset"] = (0x050, 8),
        ["Asid"] = (0x058, 4),
        ["TlbControl"] = (0x05C, 1),
        ["VirtualInterrupt"] = (0x060, 8),
        ["InterruptShadow"] = (0x068, 8),
        ["ExitCode"] = (0x070, 8),
        ["ExitInfo1"] = (0x078, 8),
        ["ExitInfo2"] = (0x080, 8),
        ["ExitInterruptInfo"] = (0x088, 8),
        ["NestedControl"] = (0x090, 8),
        ["EventInjection"] = (0x0A8, 8),
        ["NestedCr3"] = (0x0B0, 8),
        ["NextRip"] = (0x0C8, 8),
        ["Es"] = (0x400, 16),
        ["Cs"] = (0x410, 16),
        ["Ss"] = (0x420, 16),
        ["Ds"] = (0x430, 16),
        ["Fs"] = (0x440, 16),
        ["Gs"] = (0x450, 16),
        ["Gdtr"] = (0x460, 16),
        ["Ldtr"] = (0x470, 16),
        ["Idtr"] = (0x480, 16),
        ["Tr"] = (0x490, 16),
        ["Cpl"] = (0x400 + 0x0CB, 1),
        ["Efer"] = (0x400 + 0x0D0, 8),
        ["Cr4"] = (0x400 + 0x148, 8),
        ["Cr3"] = (0x400 + 0x150, 8),
        ["Cr0"] = (0x400 + 0x158, 8),
        ["Dr7"] = (0x400 + 0x160, 8),
        ["Dr6"] = (0x400 + 0x168, 8),
        ["Rflags"] = (0x400 + 0x170, 8),
        ["Rip"] = (0x400 + 0x178, 8),
        ["Rsp"] = (0x400 + 0x1D8, 8),
        ["Rax"] = (0x400 + 0x1F8, 8),
        ["Cr2"] = (0x400 + 0x240, 8),
        ["GuestPat"] = (0x400 + 0x268, 8),
    };

    [Fact]
    public void Every_field_lies_where_the_manual_puts_it()
    {
        Assert.Equal(4096, sizeof(Vmcb));
        Dictionary<string, (int Offset, int Width)> fields = typeof(Vmcb).GetFields().ToDictionary(
            field => field.Name, field => ((int)Marshal.OffsetOf<Vmcb>(field.Name), WidthOf(field.FieldType)));
        Assert.Equal(_manual.OrderBy(row => row.Value.Offset), fields.OrderBy(row => row.Value.Offset));
    }

    [Fact]
    public void A_segment_is_selector_attributes_limit_and_base()
    {
        Assert.Equal(16, sizeof(VmcbSegment));
        Assert.Equal(
            ["Selector 0 2", "Attributes 2 2", "Limit 4 4", "Base 8 8"],
            typeof(VmcbSegment).GetFields().Select(
                field => $"{field.Name} {Marshal.OffsetOf<VmcbSegment>(field.Name)} {WidthOf(field.FieldType)}"));
    }

    [Fact]
    public void Registers_are_in_the_order_instructions_number_them()
    {
        Assert.Equal(0x100, sizeof(GuestRegisters));
        GuestRegisters registers = default;
        byte* start = (byte*)&registers;
        for (int number = 0; number < 16; number++)
        {
            registers[number] = 0xAA00u + (uint)number;
            Assert.Equal(0xAA00u + (uint)number, ((ulong*)start)[number]);
        }

        Assert.Equal(0xAA05ul, registers[16 + 5]);
        (ulong, ulong, ulong, ulong, ulong, ulong, ulong, ulong) named = (
            registers.Rax, registers.Rcx, registers.Rdx, registers.Rbx, registers.Rsp, registers.Rbp, registers.Rsi, registers.Rdi);
        Assert.Equal((0xAA00ul, 0xAA01ul, 0xAA02ul, 0xAA03ul, 0xAA04ul, 0xAA05ul, 0xAA06ul, 0xAA07ul), named);
    }

    /// <summary>The machine code itself: every access it makes through RCX, up to VMRUN and after it.</summary>
    [Fact]
    public void The_world_switch_loads_and_stores_registers_where_they_lie()
    {
        CoffSection run = SvmStubs.All.Single(section => section.Symbol == "EmberSvmRun");
        var loaded = new SortedDictionary<int, string>();
        var stored = new SortedDictionary<int, string>();
        var decoder = Decoder.Create(64, new ByteArrayCodeReader(run.Content));
        bool ran = false;
        while (decoder.IP < (ulong)run.Content.Length)
        {
            decoder.Decode(out Instruction instruction);
            ran |= instruction.Mnemonic == Mnemonic.Vmrun;
            if (instruction.MemoryBase == Register.RCX)
            {
                int offset = (int)instruction.MemoryDisplacement64;
                bool store = instruction.Op0Kind == OpKind.Memory;
                string register = instruction.Mnemonic == Mnemonic.Pop
                    ? "RCX"
                    : (store ? instruction.Op1Register : instruction.Op0Register).ToString();
                Assert.Equal(ran, store);
                (store ? stored : loaded).Add(offset, register);
            }
        }

        // RAX and RSP are the control block's.
        var expected = new SortedDictionary<int, string>
        {
            [0x08] = "RCX",
            [0x10] = "RDX",
            [0x18] = "RBX",
            [0x28] = "RBP",
            [0x30] = "RSI",
            [0x38] = "RDI",
            [0x40] = "R8",
            [0x48] = "R9",
            [0x50] = "R10",
            [0x58] = "R11",
            [0x60] = "R12",
            [0x68] = "R13",
            [0x70] = "R14",
            [0x78] = "R15",
            [0x80] = "XMM0",
            [0x90] = "XMM1",
            [0xA0] = "XMM2",
            [0xB0] = "XMM3",
            [0xC0] = "XMM4",
            [0xD0] = "XMM5",
        };
        Assert.Equal(expected, loaded);
        Assert.Equal(expected, stored);
        Assert.Equal(0x80, (int)Marshal.OffsetOf<GuestRegisters>("_vectors"));
    }

    private static int WidthOf(Type type) => type.IsEnum ? Marshal.SizeOf(Enum.GetUnderlyingType(type)) : Marshal.SizeOf(type);
}
