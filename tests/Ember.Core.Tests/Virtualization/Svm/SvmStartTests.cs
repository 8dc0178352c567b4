using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>The control block and the permission maps a guest starts with.</summary>
public sealed class SvmStartTests : IDisposable
{
    private const int MapOfPorts = 0;
    private const int MapOfMsrs = 0x3000;
    private readonly SvmBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_control_block_says_what_exits_and_nothing_else()
    {
        // INTR 0, NMI 1, INIT 3, RDPMC 15, CPUID 18, INVD 22, HLT 24, INVLPGA 26, IOIO 27, MSR 28, FERR_FREEZE 30, SHUTDOWN 31
        int[] first = [0, 1, 3, 15, 18, 22, 24, 26, 27, 28, 30, 31];
        // VMRUN 0, VMMCALL 1, VMLOAD 2, VMSAVE 3, STGI 4, CLGI 5, SKINIT 6, WBINVD 9, MONITOR 10, MWAIT 11 and 12, XSETBV 13, RDPRU 14
        int[] second = [0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14];
        var expected = new Dictionary<int, ulong>
        {
            [0x008] = ((1ul << 17) | (1ul << 1)) | (Bits(first) << 32),
            [0x010] = Bits(second),
            [0x040] = _bench.SharedAddress + MapOfPorts,
            [0x048] = _bench.SharedAddress + MapOfMsrs,
            [0x058] = 1 | (1ul << 32),
            [0x060] = 1ul << 24,
            [0x090] = 1,
            [0x0B0] = SvmBench.NestedRoot,
            [0x4D0] = 0,
            [0x560] = 0x400,
            [0x568] = 0xFFFF_0FF0,
            [0x570] = 2,
            [0x668] = 0x0007_0406_0007_0406,
        };
        for (int offset = 0; offset < 4096; offset += 8)
        {
            Assert.Equal((offset, expected.GetValueOrDefault(offset)), (offset, _bench.At<ulong>(offset)));
        }
    }

    [Fact]
    public void Every_port_exits()
    {
        // An access of four bytes at FFFFh looks at three bits behind the last port's.
        Assert.All(_bench.Shared.Slice(MapOfPorts, 0x3000).ToArray(), bits => Assert.Equal(0xFF, bits));
    }

    [Fact]
    public void Every_msr_exits_but_those_the_guest_has_to_itself()
    {
        // APM volume 2, 15.11: vectors of 2 KiB for these ranges, read and write bit of each register; one reserved.
        (int Vector, uint First)[] ranges = [(0, 0), (0x800, 0xC000_0000), (0x1000, 0xC001_0000)];
        var direct = new List<uint>();
        foreach ((int vector, uint first) in ranges)
        {
            for (uint i = 0; i < 0x2000; i++)
            {
                int bits = (_bench.Shared[MapOfMsrs + vector + (int)(i / 4)] >> (int)(i % 4 * 2)) & 3;
                Assert.True(bits is 0 or 3, $"MSR {first + i:X8}: reading and writing differ");
                if (bits == 0)
                {
                    direct.Add(first + i);
                }
            }
        }

        Assert.Equal(GuestMsrs.Direct.ToArray().Order(), direct);
        Assert.All(_bench.Shared.Slice(MapOfMsrs + 0x1800, 0x800).ToArray(), bits => Assert.Equal(0xFF, bits));
    }

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
        Assert.Equal(0x8001_0033ul, _bench.At<ulong>(0x558));
        Assert.Equal(0x7_0000ul, _bench.At<ulong>(0x550));
        Assert.Equal(0x20ul, _bench.At<ulong>(0x548));
        Assert.Equal(0x1500ul, _bench.At<ulong>(0x4D0));
        Assert.Equal(0x500ul, _bench.Processor.Efer);

        // Code: G, L, P, S, execute-read, accessed. Data: G, D, P, S, read-write, accessed. TSS: busy, 64-bit.
        Assert.Equal((0x10, 0xA9B, uint.MaxValue, 0ul), Segment(0x410));
        Assert.All([0x400, 0x420, 0x430, 0x440, 0x450], at => Assert.Equal((0x18, 0xC93, uint.MaxValue, 0ul), Segment(at)));
        Assert.Equal((0, 0x8B, 103u, 0ul), Segment(0x490));
        Assert.Equal((0, 0x82, 0u, 0ul), Segment(0x470));
        Assert.Equal((0, 0, 0x1Fu, 0x6_0000ul), Segment(0x460));
        Assert.Equal(0, _bench.At<byte>(0x4CB));
        Assert.Equal((0x10_0200ul, 0x7_FF00ul), (_bench.At<ulong>(0x578), _bench.At<ulong>(0x5D8)));
        Assert.Equal(0x9_0000ul, _bench.Processor.Registers.Rsi);
        Assert.Equal(2ul, _bench.At<ulong>(0x570));
        Assert.Equal((0x10_0200ul, 0x7_FF00ul), (_bench.Processor.InstructionPointer, _bench.Processor.StackPointer));
        Assert.Equal(OperatingMode.Bits64, _bench.Processor.Mode);
        Assert.False(_bench.Processor.IsUser);
        Assert.False(_bench.Processor.InterruptsEnabled);
    }

    [Fact]
    public void Protected_mode_is_entered_without_paging()
    {
        var entry = new GuestEntry
        {
            Mode = OperatingMode.Bits32,
            Rip = 0x10_0020,
            Rax = 0x2BAD_B002,
            Rbx = 0x2000,
            CodeSelector = 0x10,
            DataSelector = 0x18,
        };
        _bench.Processor.Enter(entry);
        Assert.Equal(0x11ul, _bench.At<ulong>(0x558));
        Assert.Equal(0ul, _bench.At<ulong>(0x550));
        Assert.Equal(0ul, _bench.At<ulong>(0x548));
        Assert.Equal(0x1000ul, _bench.At<ulong>(0x4D0));

        // Code: G, D, P, S, execute-read, accessed.
        Assert.Equal((0x10, 0xC9B, uint.MaxValue, 0ul), Segment(0x410));
        Assert.All([0x400, 0x420, 0x430, 0x440, 0x450], at => Assert.Equal((0x18, 0xC93, uint.MaxValue, 0ul), Segment(at)));
        Assert.Equal((0, 0x8B, 103u, 0ul), Segment(0x490));
        Assert.Equal(0x10_0020ul, _bench.Processor.InstructionPointer);
        Assert.Equal((0x2BAD_B002ul, 0x2000ul), (_bench.Processor.Registers.Rax, _bench.Processor.Registers.Rbx));
        Assert.Equal(2ul, _bench.At<ulong>(0x570));
        Assert.Equal(OperatingMode.Bits32, _bench.Processor.Mode);
        Assert.False(_bench.Processor.InterruptsEnabled);
    }

    private (int Selector, int Attributes, uint Limit, ulong Base) Segment(int offset) =>
        (_bench.At<ushort>(offset), _bench.At<ushort>(offset + 2), _bench.At<uint>(offset + 4), _bench.At<ulong>(offset + 8));

    private static ulong Bits(int[] numbers) => numbers.Aggregate(0ul, (bits, number) => bits | (1ul << number));
}
