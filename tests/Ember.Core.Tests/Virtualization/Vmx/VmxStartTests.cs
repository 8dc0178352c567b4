using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>The control structure and the permission maps a guest starts with.</summary>
public sealed class VmxStartTests : IDisposable
{
    private const int MsrBitmaps = 0;
    private readonly VmxBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_control_structure_says_what_exits_what_is_switched_and_nothing_else()
    {
        Dictionary<ulong, ulong> expected = new()
        {
            [0x0000] = 1,
            [0x2004] = _bench.SharedAddress + MsrBitmaps,
            [0x2012] = _bench.Address + 0x1000,
            [0x201A] = VmxBench.NestedRoot | 0x1E,
            [0x2800] = ulong.MaxValue,
            [0x2804] = 0x0007_0406_0007_0406,

            // External interrupts 0, NMIs 3, virtual NMIs 5; always set 1, 2, 4.
            [0x4000] = 0x3F,

            // HLT 7, MWAIT 10, RDPMC 11, TPR shadow 21, I/O 24, MSR bitmaps 28, MONITOR 29, secondary 31; always set 1, 4 to 6, 8,
            // 13, 14, 26.
            [0x4002] = Bits(7, 10, 11, 21, 24, 28, 29, 31) | 0x0400_6172,
            [0x4004] = Bits(1, 17),

            // Save debug 2, 64-bit host 9, PAT 18 and 19, EFER 20 and 21.
            [0x400C] = Bits(2, 9, 18, 19, 20, 21) | 0x0003_6DFB,

            // EPT 1, RDTSCP 3, VPID 5, WBINVD 6, unrestricted guest 7, INVPCID 12.
            [0x401E] = Bits(1, 3, 5, 6, 7, 12),
            [0x6000] = Bits(5, 29, 30),
            [0x6002] = 0x2000,
            [0x681A] = 0x400,
            [0x6820] = 2,
            [0x0C00] = 0x10,
            [0x0C02] = 0x08,
            [0x0C04] = 0x10,
            [0x0C06] = 0x10,
            [0x0C08] = 0,
            [0x0C0A] = 0,
            [0x0C0C] = 0x18,
            [0x2C00] = 0x0007_0406_0007_0106,
            [0x2C02] = 0xD01,
            [0x6C00] = 0x8001_0013,
            [0x6C02] = 0x5_4000,
            [0x6C04] = 0x4_0620,
            [0x6C0A] = 0xFFFF_8000_8923_4567,
            [0x6C0C] = _bench.GlobalDescriptors,
            [0x6C0E] = 0x7777_0000,
        };
        Assert.Equal(expected.OrderBy(field => field.Key), _bench.Hardware.VmcsFields.OrderBy(field => field.Key));
    }

    [Fact]
    public void The_structure_is_stamped_cleared_and_loaded_and_no_old_translation_is_kept()
    {
        Assert.Equal([0x2B, 0, 0, 0], _bench.Pages[..4].ToArray());
        Assert.Equal(
            [
                $"vmclear {_bench.Address:x}", $"vmptrld {_bench.Address:x}", $"vmclear {_bench.Address:x}", $"vmptrld {_bench.Address:x}",
                "invvpid", "invept",
            ],
            _bench.Hardware.VmxSteps);
    }

    [Fact]
    public void Every_msr_exits_but_those_the_guest_has_to_itself()
    {
        // SDM volume 3, 24.6.9: read bitmaps of 00000000h to 00001FFFh and of C0000000h to C0001FFFh, then the same for writing.
        List<uint> readable = [];
        List<uint> writable = [];
        for (uint i = 0; i < 0x4000; i++)
        {
            uint msr = i < 0x2000 ? i : 0xC000_0000 + (i - 0x2000);
            int at = MsrBitmaps + (int)(i / 8);
            if ((_bench.Shared[at] >> (int)(i % 8) & 1) == 0)
            {
                readable.Add(msr);
            }

            if ((_bench.Shared[at + 0x800] >> (int)(i % 8) & 1) == 0)
            {
                writable.Add(msr);
            }
        }

        Assert.Equal(GuestMsrs.Direct.ToArray().Order(), readable);
        Assert.Equal(readable, writable);
    }

    /// <summary>The control structure does not hold these, so what another machine left in them would be seen.</summary>
    [Theory]
    [InlineData(0xC000_0081u)]
    [InlineData(0xC000_0082u)]
    [InlineData(0xC000_0083u)]
    [InlineData(0xC000_0084u)]
    [InlineData(0xC000_0102u)]
    [InlineData(0xC000_0103u)]
    public void Registers_left_to_the_guest_start_cleared(uint msr) => Assert.Equal(0ul, _bench.Hardware.Msrs[msr]);

    [Fact]
    public void Long_mode_is_entered_as_the_boot_protocol_says()
    {
        var entry = new GuestEntry
        {
            Mode = OperatingMode.Bits64,
            Rip = 0x10_0200,
            Rsp = 0x7_FF00,
            Rsi = 0x9_0000,
            Cr3 = 0x7_0000,
            GdtBase = 0x6_0000,
            GdtLimit = 0x1F,
            CodeSelector = 0x10,
            DataSelector = 0x18,
        };
        _bench.Processor.Enter(entry);
        Assert.Equal((0x8001_0033ul, 0x8001_0033ul), (_bench[0x6800], _bench[0x6004]));
        Assert.Equal((0x7_0000ul, 0x2020ul), (_bench[0x6802], _bench[0x6804]));
        Assert.Equal(0x20ul, _bench.Processor.Cr4);
        Assert.Equal((0x500ul, 0x500ul), (_bench[0x2806], _bench.Processor.Efer));

        // Entry: load debug 2, IA-32e 9, PAT 14, EFER 15.
        Assert.Equal(Bits(2, 9, 14, 15) | 0x11FB, _bench[0x4012]);

        // ES, CS, SS, DS, FS, GS, LDTR, TR. Code: G, L, P, S, execute-read, accessed. Data: G, D, P, S, read-write, accessed.
        (ulong, ulong, ulong) data = (0x18, 0xFFFF_FFFF, 0xC093);
        Assert.Equal(
            [data, (0x10, 0xFFFF_FFFF, 0xA09B), data, data, data, data, (0, 0, 0x1_0000), (0, 103, 0x8B)],
            Enumerable.Range(0, 8).Select(i => (_bench[0x800 + (ulong)(2 * i)], _bench[0x4800 + (ulong)(2 * i)], _bench[0x4814 + (ulong)(2 * i)])));
        Assert.Equal((0x6_0000ul, 0x1Ful), (_bench[0x6816], _bench[0x4810]));
        _bench.Exit(12);
        Assert.Equal((0x10_0200ul, 0x7_FF00ul), (_bench[0x681E], _bench[0x681C]));
        Assert.Equal(0x9_0000ul, _bench.Processor.Registers.Rsi);
        Assert.Equal((0x10_0200ul, 0x7_FF00ul), (_bench.Processor.InstructionPointer, _bench.Processor.StackPointer));
        Assert.Equal(OperatingMode.Bits64, _bench.Processor.Mode);
        Assert.False(_bench.Processor.IsUser);
        Assert.False(_bench.Processor.InterruptsEnabled);
    }

    /// <summary>VMX needs CR0.NE (5) and CR4.VMXE (13) set; neither is seen.</summary>
    [Fact]
    public void Protected_mode_without_paging_is_entered_as_the_boot_protocols_say()
    {
        var entry = new GuestEntry
        {
            Mode = OperatingMode.Bits32,
            Rip = 0x10_0000,
            Rax = 0x2BAD_B002,
            Rbx = 0x9_0000,
            GdtBase = 0x6_0000,
            GdtLimit = 0x1F,
            CodeSelector = 0x08,
            DataSelector = 0x10,
        };
        _bench.Processor.Enter(entry);
        Assert.Equal((0x31ul, 0x11ul, 0x2000ul, 0ul), (_bench[0x6800], _bench[0x6004], _bench[0x6804], _bench[0x2806]));
        Assert.Equal(Bits(2, 14, 15) | 0x11FB, _bench[0x4012]);
        Assert.Equal((0x08ul, 0xFFFF_FFFFul, 0xC09Bul), (_bench[0x802], _bench[0x4802], _bench[0x4816]));
        Assert.Equal((0x11ul, 0ul), (_bench.Processor.Paging.Cr0, _bench.Processor.Cr4));
        Assert.Equal((0x2BAD_B002ul, 0x9_0000ul), (_bench.Processor.Registers.Rax, _bench.Processor.Registers.Rbx));
        Assert.Equal(OperatingMode.Bits32, _bench.Processor.Mode);
    }

    private static ulong Bits(params int[] numbers) => numbers.Aggregate(0ul, (bits, number) => bits | (1ul << number));
}
