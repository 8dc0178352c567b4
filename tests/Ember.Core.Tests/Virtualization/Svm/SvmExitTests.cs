using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>What the processor leaves in the control block, and what an exit says of it.</summary>
public sealed class SvmExitTests : IDisposable
{
    private readonly SvmBench _bench = new();

    /// <summary>AMD APM volume 2, appendix C. What is not here is never intercepted, so it is unknown.</summary>
    private static readonly Dictionary<uint, ExitKind> _meanings = new()
    {
        [0x60] = ExitKind.HostInterrupt,
        [0x61] = ExitKind.HostInterrupt,
        [0x63] = ExitKind.HostInterrupt,
        [0x64] = ExitKind.InterruptWindow,
        [0x6F] = ExitKind.Protected,
        [0x72] = ExitKind.Cpuid,
        [0x74] = ExitKind.Resolved,
        [0x76] = ExitKind.Nothing,
        [0x78] = ExitKind.Halt,
        [0x7A] = ExitKind.Undefined,
        [0x7B] = ExitKind.PortWrite,
        [0x7C] = ExitKind.MsrRead,
        [0x7E] = ExitKind.Nothing,
        [0x7F] = ExitKind.Shutdown,
        [0x80] = ExitKind.Undefined,
        [0x81] = ExitKind.Undefined,
        [0x82] = ExitKind.Undefined,
        [0x83] = ExitKind.Undefined,
        [0x84] = ExitKind.Undefined,
        [0x85] = ExitKind.Undefined,
        [0x86] = ExitKind.Undefined,
        [0x89] = ExitKind.Nothing,
        [0x8A] = ExitKind.Undefined,
        [0x8B] = ExitKind.Undefined,
        [0x8C] = ExitKind.Undefined,
        [0x8D] = ExitKind.SetExtendedControl,
        [0x8E] = ExitKind.Undefined,
        [0x400] = ExitKind.Memory,
        [0xFFFF_FFFF] = ExitKind.InvalidState,
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_code_means_what_the_manual_says()
    {
        for (uint code = 0; code < 0x500; code++)
        {
            ExitKind expected = code is >= 0x40 and < 0x60
                ? ExitKind.Exception
                : _meanings.GetValueOrDefault(code, ExitKind.Unknown);
            VmExit exit = _bench.Exit(code);
            Assert.Equal((code, expected, (ulong)code), (code, exit.Kind, exit.Code));
            Assert.Equal(expected == ExitKind.Exception ? code - 0x40 : 0, exit.Vector);
        }
    }

    [Theory]
    [InlineData(ulong.MaxValue)]
    [InlineData(0xFFFF_FFFFul)]
    public void A_refused_state_is_known_whether_64_bits_of_the_code_are_stored_or_32(ulong code) =>
        Assert.Equal(ExitKind.InvalidState, _bench.Exit(code).Kind);

    /// <summary>EXITINFO1 of IOIO (APM volume 2, figure 15-2): TYPE 0, STR 2, REP 3, SZ8 4, SZ16 5, SZ32 6, A16 7, A32 8, A64 9,
    /// SEG 12:10, PORT 31:16; EXITINFO2 is the address behind the instruction.</summary>
    [Fact]
    public void A_port_access_says_where_how_wide_and_which_way() => Gen.Select(
        Gen.UShort, Gen.Int[0, 2].Select(power => 1 << power), Gen.Bool, Gen.Bool, Gen.Byte, Gen.Int[1, 15], Gen.ULong).Sample(
        (port, size, input, text, others, length, rip) =>
        {
            ulong info = ((ulong)port << 16) | ((ulong)size << 4) | (input ? 1ul : 0) | (text ? 4ul : 0)
                | ((others & 1ul) << 3) | ((ulong)(others >> 1) << 7);
            _bench.At<ulong>(0x578) = rip;
            VmExit exit = _bench.Exit(0x7B, info, rip + (ulong)length);
            Assert.Equal(input ? ExitKind.PortRead : ExitKind.PortWrite, exit.Kind);
            Assert.Equal((port, size, text, length), (exit.Port, (int)exit.Size, exit.IsString, (int)exit.InstructionLength));
        },
        threads: 1);

    [Theory]
    [InlineData(0ul, "MsrRead")]
    [InlineData(1ul, "MsrWrite")]
    public void An_msr_access_says_which_way(ulong info, string kind) => Assert.Equal(kind, _bench.Exit(0x7C, info).Kind.ToString());

    /// <summary>EXITINFO1 is a page fault's error code: P 0, RW 1, US 2, ID 4; bits 32 and 33 say what was being translated.</summary>
    [Theory]
    [InlineData(0x1_0000_0004ul, false)]
    [InlineData(0x1_0000_0006ul, true)]
    [InlineData(0x1_0000_0014ul, false)]
    [InlineData(0x2_0000_0007ul, true)]
    public void A_nested_page_fault_says_where_and_whether_it_wrote(ulong info, bool write)
    {
        VmExit exit = _bench.Exit(0x400, info, 0xFEE0_00B0);
        Assert.Equal((ExitKind.Memory, write, 0xFEE0_00B0ul), (exit.Kind, exit.IsWrite, exit.Address));
    }

    [Fact]
    public void The_next_instruction_is_known_where_the_processor_saves_it()
    {
        using var without = new SvmBench(savesNextRip: false);
        foreach ((SvmBench bench, int expected) in new[] { (_bench, 3), (without, 0) })
        {
            VmExit exit = bench.Run(() =>
            {
                bench.At<ulong>(0x70) = 0x72;
                bench.At<ulong>(0x578) = 0xFFFF_FFFF_8000_0FFE;
                bench.At<ulong>(0xC8) = 0xFFFF_FFFF_8000_1001;
            });
            Assert.Equal(expected, exit.InstructionLength);
            Assert.Equal(0xFFFF_FFFF_8000_0FFEul, bench.Processor.InstructionPointer);
        }

        // A port's is told by every processor.
        without.At<ulong>(0x578) = 0x1000;
        Assert.Equal(2, without.Exit(0x7B, 0x0080_0010, 0x1002).InstructionLength);
    }

    [Fact]
    public void Registers_go_in_and_come_out_and_translations_are_flushed_once()
    {
        _bench.Processor.Registers.Rax = 0x1111;
        Assert.Equal(1, _bench.At<byte>(0x5C));
        _bench.Run(() =>
        {
            Assert.Equal(0x1111ul, _bench.At<ulong>(0x5F8));
            Assert.Equal(1, _bench.At<byte>(0x5C));
            _bench.At<ulong>(0x5F8) = 0x2222;
        });
        Assert.Equal(0x2222ul, _bench.Processor.Registers.Rax);
        Assert.Equal(0, _bench.At<byte>(0x5C));
    }
}
