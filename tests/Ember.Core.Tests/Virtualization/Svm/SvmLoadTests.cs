using System;
using System.Linq;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Core.Virtualization.Speculation;

namespace Ember.Core.Tests.Virtualization.Svm;

/// <summary>A virtual processor that shares a physical one with others, and moves.</summary>
public sealed class SvmLoadTests : IDisposable
{
    private const uint TscAux = 0xC000_0103;
    private const uint PredictionCommand = 0x49;
    private const int Asid = 0x058;
    private const int TlbControl = 0x05C;
    private readonly SvmBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_no_control_block_holds_comes_back_as_the_guest_left_it()
    {
        byte[] vectors = [.. Enumerable.Range(0, _bench.Hardware.Vectors.Length).Select(i => (byte)(i * 7))];
        vectors.CopyTo(_bench.Hardware.Vectors, 0);
        ulong[] breakpoints = [1, 2, 3, 4];
        breakpoints.CopyTo(_bench.Hardware.Breakpoints, 0);
        _bench.Hardware.Msrs[TscAux] = 0x1234;
        _bench.Processor.SetExtendedControl(3);
        _bench.Processor.Unload(ref _bench.Host);

        // x87, SSE and AVX, and PKRU (bit 9), which CR4.PKE opens to a guest although it is not offered.
        Assert.Equal(0x207ul, _bench.Hardware.Xcr0);

        Array.Clear(_bench.Hardware.Vectors);
        Array.Clear(_bench.Hardware.Breakpoints);
        _bench.Hardware.Msrs[TscAux] = 0x5678;
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(vectors, _bench.Hardware.Vectors);
        Assert.Equal(breakpoints, _bench.Hardware.Breakpoints);
        Assert.Equal(0x1234ul, _bench.Hardware.Msrs[TscAux]);
        Assert.Equal((3ul, 3ul), (_bench.Hardware.Xcr0, _bench.Processor.ExtendedControl));
    }

    [Fact]
    public void A_guest_begins_with_nothing_of_another_in_its_registers()
    {
        // FCW 37Fh and MXCSR 1F80h, as after FNINIT and reset; the rest is zero.
        byte[] expected = new byte[_bench.Hardware.Vectors.Length];
        (expected[0], expected[1]) = (0x7F, 0x03);
        (expected[24], expected[25]) = (0x80, 0x1F);
        Assert.Equal(expected, _bench.Hardware.Vectors);
        Assert.Equal(new ulong[4], _bench.Hardware.Breakpoints);
        Assert.Equal((0ul, 1ul), (_bench.Hardware.Msrs[TscAux], _bench.Hardware.Xcr0));
    }

    [Fact]
    public void Translations_are_the_processors_own_wherever_it_runs()
    {
        Assert.Equal((1u, (byte)1), (_bench.At<uint>(Asid), _bench.At<byte>(TlbControl)));
        _bench.Exit(0x72);
        Assert.Equal(0, _bench.At<byte>(TlbControl));
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal((1u, (byte)0), (_bench.At<uint>(Asid), _bench.At<byte>(TlbControl)));

        // Restarted, it has other memory behind the same addresses.
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Restart();
        Assert.Equal((2u, (byte)0), (_bench.At<uint>(Asid), _bench.At<byte>(TlbControl)));
    }

    [Fact]
    public void A_flush_that_never_came_to_the_processor_is_the_next_ones()
    {
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Restart();
        Assert.Equal((1u, (byte)1), (_bench.At<uint>(Asid), _bench.At<byte>(TlbControl)));
    }

    [Fact]
    public void The_host_state_is_that_of_the_physical_processor_it_is_on()
    {
        _bench.Exit(0x72);
        Assert.Equal(SvmBench.HostState, _bench.Hardware.RestoredHost);
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Host.HostState = 0x9_9000;
        _bench.Processor.Load(ref _bench.Host);
        _bench.Exit(0x72);
        Assert.Equal(0x9_9000ul, _bench.Hardware.RestoredHost);
    }

    [Fact]
    public void A_barrier_stands_between_two_machines_and_not_within_one()
    {
        _bench.Host.Measures = SpeculationMeasures.BarrierBetweenMachines;
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Processor.Load(ref _bench.Host);
        Assert.DoesNotContain(PredictionCommand, _bench.Hardware.Msrs.Keys);
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Host.LastMachine = SvmBench.Machine + 1;
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(1ul, _bench.Hardware.Msrs[PredictionCommand]);
        Assert.Equal(SvmBench.Machine, _bench.Host.LastMachine);
    }

    [Theory]
    [InlineData(SpeculationMeasures.RestrictIndirect, 0u)]
    [InlineData(SpeculationMeasures.RestrictIndirect | SpeculationMeasures.RestrictAfterExit, (1u << 25) | 1)]
    [InlineData(SpeculationMeasures.ClearBuffersBeforeEntry, 1u << 28)]
    internal void Only_measures_of_entries_and_exits_make_them_dearer(SpeculationMeasures measures, uint guards)
    {
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Host.Measures = measures;
        _bench.Processor.Load(ref _bench.Host);
        _bench.Exit(0x72);
        Assert.Equal(guards, _bench.Hardware.Measures);
    }

    /// <summary>AMD APM volume 2, table 14-1; CR0.CD and NW stay clear.</summary>
    [Fact]
    public void Init_leaves_the_state_of_the_manual()
    {
        _bench.Hardware.CpuidLeaves[(1, 0)] = new() { Eax = 0x0083_0F10 };
        _bench.Processor.Enter(new GuestEntry { Mode = OperatingMode.Bits64, Rip = 1, Rsp = 2, Rax = 3, Cr3 = 0x1000 });
        _bench.Processor.InjectException(13, 0);
        _bench.Processor.RequestInterruptWindow();
        _bench.Hardware.Breakpoints[2] = 5;
        _bench.At<ulong>(0x570) = 0x246;
        _bench.Processor.Reset();
        Assert.Equal((0x10ul, 0ul, 0ul, 0x1000ul), (Register(0x558), Register(0x550), Register(0x548), Register(0x4D0)));
        Assert.Equal((2ul, 0xFFF0ul, 0ul, 0ul), (Register(0x570), Register(0x578), Register(0x5D8), Register(0x0A8)));
        Assert.Equal((0xFFFF_0FF0ul, 0x400ul, 0ul), (Register(0x568), Register(0x560), Register(0x640)));
        Assert.Equal((0xF000, 0x9B, 0xFFFFu, 0xFFFF_0000ul), Segment(0x410));
        Assert.All([0x400, 0x420, 0x430, 0x440, 0x450], at => Assert.Equal((0, 0x93, 0xFFFFu, 0ul), Segment(at)));
        Assert.Equal((0, 0x8B, 0xFFFFu, 0ul), Segment(0x490));
        Assert.Equal((0, 0x82, 0xFFFFu, 0ul), Segment(0x470));
        Assert.All([0x460, 0x480], at => Assert.Equal((0, 0, 0xFFFFu, 0ul), Segment(at)));
        Assert.Equal((0ul, 0x0083_0F10ul), (_bench.Processor.Registers.Rax, _bench.Processor.Registers.Rdx));
        Assert.Equal(new ulong[4], _bench.Hardware.Breakpoints);
        Assert.Equal(0u, _bench.At<uint>(0x00C) & (1 << 4));
        Assert.Equal((OperatingMode.Bits16, 0xFFFF_0000ul), (_bench.Processor.Mode, _bench.Processor.CodeSegmentBase));
        Assert.False(_bench.Processor.IsUser);
    }

    [Fact]
    public void A_start_up_ipi_leads_to_its_page()
    {
        _bench.Processor.Reset();
        _bench.Processor.Start(0x9A);
        Assert.Equal((0x9A00, 0x9B, 0xFFFFu, 0x9_A000ul), Segment(0x410));
        Assert.Equal((0ul, 0x9_A000ul), (_bench.Processor.InstructionPointer, _bench.Processor.CodeSegmentBase));
    }

    private ulong Register(int offset) => _bench.At<ulong>(offset);

    private (int Selector, int Attributes, uint Limit, ulong Base) Segment(int offset) =>
        (_bench.At<ushort>(offset), _bench.At<ushort>(offset + 2), _bench.At<uint>(offset + 4), _bench.At<ulong>(offset + 8));
}
