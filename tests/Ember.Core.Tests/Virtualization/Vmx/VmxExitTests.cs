using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>What the processor leaves in the control structure, and what an exit says of it.</summary>
public sealed class VmxExitTests : IDisposable
{
    private const ulong ExitInterruption = 0x4404;
    private const ulong Interruptibility = 0x4824;
    private const ulong ReadShadow = 0x6004;
    private const ulong Rsp = 0x681C;
    private readonly VmxBench _bench = new();

    /// <summary>Intel SDM volume 3, appendix C. What is not here is never asked for, so it is unknown.</summary>
    private static readonly Dictionary<uint, ExitKind> _meanings = new()
    {
        [0] = ExitKind.Exception,
        [1] = ExitKind.HostInterrupt,
        [2] = ExitKind.Shutdown,
        [3] = ExitKind.HostInterrupt,
        [7] = ExitKind.InterruptWindow,
        [8] = ExitKind.InterruptWindow,
        [10] = ExitKind.Cpuid,
        [11] = ExitKind.Undefined,
        [12] = ExitKind.Halt,
        [13] = ExitKind.Nothing,
        [15] = ExitKind.Protected,
        [18] = ExitKind.Undefined,
        [19] = ExitKind.Undefined,
        [20] = ExitKind.Undefined,
        [21] = ExitKind.Undefined,
        [22] = ExitKind.Undefined,
        [23] = ExitKind.Undefined,
        [24] = ExitKind.Undefined,
        [25] = ExitKind.Undefined,
        [26] = ExitKind.Undefined,
        [27] = ExitKind.Undefined,
        [28] = ExitKind.Resolved,
        [30] = ExitKind.PortWrite,
        [31] = ExitKind.MsrRead,
        [32] = ExitKind.MsrWrite,
        [33] = ExitKind.InvalidState,
        [34] = ExitKind.InvalidState,
        [36] = ExitKind.Undefined,
        [39] = ExitKind.Undefined,
        [41] = ExitKind.InvalidState,
        [48] = ExitKind.Memory,
        [50] = ExitKind.Undefined,
        [53] = ExitKind.Undefined,
        [54] = ExitKind.Nothing,
        [55] = ExitKind.SetExtendedControl,
    };

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Every_reason_means_what_the_manual_says()
    {
        for (uint reason = 0; reason < 0x100; reason++)
        {
            VmExit exit = _bench.Exit(reason, length: 3);
            Assert.Equal(
                (reason, _meanings.GetValueOrDefault(reason, ExitKind.Unknown), (ulong)reason, 3),
                (reason, exit.Kind, exit.Code, (int)exit.InstructionLength));
        }
    }

    [Theory]
    [InlineData(0x8000_0021u)]
    [InlineData(0x8000_0022u)]
    [InlineData(0x8000_000Au)]
    public void A_failed_entry_is_no_exit(uint reason) => Assert.Equal(ExitKind.InvalidState, _bench.Exit(reason).Kind);

    [Fact]
    public void A_refused_entry_tells_the_processors_error_and_is_no_launch()
    {
        _bench.Hardware.VmxSteps.Clear();
        _bench.Hardware.Entering = _ =>
        {
            _bench[0x4400] = 7;
            return 1;
        };
        _bench.Processor.Run(out VmExit exit);
        Assert.Equal((ExitKind.InvalidState, 0xF07ul), (exit.Kind, exit.Code));
        _bench.Exit(10);
        _bench.Exit(10);
        Assert.Equal(["vmlaunch", "vmlaunch", "vmresume"], _bench.Hardware.VmxSteps);
    }

    /// <summary>Table 27-5: size less one 2:0, input 3, string 4, REP 5, immediate 6, port 31:16.</summary>
    [Fact]
    public void A_port_access_says_where_how_wide_and_which_way() => Gen.Select(
        Gen.UShort, Gen.Int[0, 2].Select(power => 1 << power), Gen.Bool, Gen.Bool, Gen.Int[0, 3], Gen.Byte[1, 15]).Sample(
        (port, size, input, text, others, length) =>
        {
            ulong qualification = ((ulong)port << 16) | ((ulong)size - 1) | (input ? 8ul : 0) | (text ? 16ul : 0) | ((ulong)others << 5);
            VmExit exit = _bench.Exit(30, qualification, length);
            Assert.Equal(input ? ExitKind.PortRead : ExitKind.PortWrite, exit.Kind);
            Assert.Equal((port, size, text, length), (exit.Port, (int)exit.Size, exit.IsString, exit.InstructionLength));
        },
        threads: 1);

    /// <summary>Table 27-7: read 0, write 1, fetch 2.</summary>
    [Theory]
    [InlineData(0x181ul, false)]
    [InlineData(0x182ul, true)]
    [InlineData(0x183ul, true)]
    [InlineData(0x184ul, false)]
    public void An_ept_violation_says_where_and_whether_it_wrote(ulong qualification, bool write)
    {
        _bench[0x2400] = 0xFEE0_00B0;
        VmExit exit = _bench.Exit(48, qualification);
        Assert.Equal((ExitKind.Memory, write, 0xFEE0_00B0ul), (exit.Kind, exit.IsWrite, exit.Address));
    }

    [Fact]
    public void An_nmi_is_the_hosts_and_the_guest_runs_on()
    {
        _bench[ExitInterruption] = 0x8000_0202;
        _bench.Hardware.VmxSteps.Clear();
        Assert.Equal(ExitKind.Resolved, _bench.Exit(0).Kind);
        Assert.Equal(["vmlaunch", "nmi"], _bench.Hardware.VmxSteps);
    }

    [Fact]
    public void An_alignment_check_is_only_watched()
    {
        _bench[ExitInterruption] = 0x8000_0B11;
        VmExit exit = _bench.Exit(0);
        Assert.Equal((ExitKind.Exception, 17), (exit.Kind, (int)exit.Vector));
        Assert.Equal(0xFFFF_0FF0ul, _bench.Hardware.Dr6);
    }

    /// <summary>Section 27.1: an exit changes neither DR6 nor DR7.GD (13); the exception the guest gets would have.</summary>
    [Fact]
    public void A_debug_exception_finds_the_debug_registers_as_if_there_had_been_no_exit()
    {
        _bench[ExitInterruption] = 0x8000_0301;
        _bench[0x681A] = 0x2401;
        _bench[Interruptibility] = 0xB;
        VmExit exit = _bench.Exit(0, 0x6001);
        Assert.Equal((ExitKind.Exception, 1), (exit.Kind, (int)exit.Vector));
        Assert.Equal((0xFFFF_6FF1ul, 0x401ul, 8ul), (_bench.Hardware.Dr6, _bench[0x681A], _bench[Interruptibility]));
    }

    /// <summary>Table 27-3: register 3:0, kind 5:4, general register 11:8. The second time the same write is the processor's.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(15)]
    public void A_write_of_owned_bits_of_cr0_is_what_the_guest_sees_from_then_on(int register)
    {
        _bench.Processor.Registers[register] = 0xE005_0013;
        VmExit exit = _bench.Run(() =>
        {
            _bench[0x4402] = 28;
            _bench[0x6400] = (ulong)register << 8;
            _bench[Rsp] = register == 4 ? 0xE005_0013ul : 0x7000;
        });
        Assert.Equal((ExitKind.Resolved, 0xE005_0013ul), (exit.Kind, _bench[ReadShadow]));
        _bench[0x6800] = 0x8005_0033;
        Assert.Equal(0xE005_0013ul, _bench.Processor.Paging.Cr0);
    }

    [Fact]
    public void A_guest_cannot_have_vmx() => Assert.Equal(ExitKind.Protected, _bench.Exit(28, 4).Kind);

    [Fact]
    public void The_stack_pointer_is_read_when_it_is_wanted_and_written_back_then_only()
    {
        _bench.Processor.StackPointer = 0x1000;
        _bench.Run(() =>
        {
            Assert.Equal(0x1000ul, _bench[Rsp]);
            _bench[Rsp] = 0x2000;
        });
        _bench.Run(() => Assert.Equal(0x2000ul, _bench[Rsp]));
        Assert.Equal(0x2000ul, _bench.Processor.StackPointer);
        _bench.Processor.StackPointer = 0x3000;
        _bench.Run(() => Assert.Equal(0x3000ul, _bench[Rsp]));
    }
}
