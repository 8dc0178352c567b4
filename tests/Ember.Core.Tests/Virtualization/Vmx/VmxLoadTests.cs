using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Core.Virtualization.Speculation;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Vmx;

/// <summary>A virtual processor that shares a physical one with others, and moves.</summary>
public sealed class VmxLoadTests : IDisposable
{
    private const ulong Vpid = 0x0000;
    private const ulong Interruptibility = 0x4824;
    private const ulong HostIdtrBase = 0x6C0E;
    private readonly VmxBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void What_no_control_structure_holds_comes_back_as_the_guest_left_it()
    {
        uint[] msrs = [0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0084, 0xC000_0102, 0xC000_0103];
        Dictionary<uint, ulong> values = msrs.ToDictionary(msr => msr, msr => (ulong)msr * 3);
        foreach ((uint msr, ulong value) in values)
        {
            _bench.Hardware.Msrs[msr] = value;
        }

        _bench.Hardware.Vectors[576] = 0x55;
        _bench.Hardware.Breakpoints[3] = 0x77;
        _bench.Hardware.Dr6 = 0xFFFF_0FF1;
        _bench.Hardware.ControlRegisters[2] = 0x1234;
        _bench.Processor.Unload(ref _bench.Host);
        foreach (uint msr in msrs)
        {
            _bench.Hardware.Msrs[msr] = 0xDEAD;
        }

        _bench.Hardware.Vectors[576] = 0;
        _bench.Hardware.Breakpoints[3] = 0;
        _bench.Hardware.Dr6 = 0;
        _bench.Hardware.ControlRegisters[2] = 0;
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(values, _bench.Hardware.Msrs.Where(pair => msrs.Contains(pair.Key)).ToDictionary());
        Assert.Equal(0x1234ul, _bench.Hardware.ControlRegisters[2]);
        Assert.Equal((0x55, 0x77ul, 0xFFFF_0FF1ul), (_bench.Hardware.Vectors[576], _bench.Hardware.Breakpoints[3], _bench.Hardware.Dr6));
    }

    [Fact]
    public void A_structure_is_cleared_when_it_leaves_and_launched_when_it_returns()
    {
        _bench.Exit(10);
        _bench.Hardware.VmxSteps.Clear();
        _bench.Processor.StackPointer = 0x7000;
        _bench.Processor.Unload(ref _bench.Host);
        Assert.Equal(0x7000ul, _bench[0x681C]);
        _bench.Processor.Load(ref _bench.Host);
        _bench.Exit(10);
        _bench.Exit(10);
        Assert.Equal(
            [$"vmclear {_bench.Address:x}", $"vmptrld {_bench.Address:x}", "vmlaunch", "vmresume"], _bench.Hardware.VmxSteps);
    }

    [Fact]
    public void An_exit_finds_the_tables_of_the_physical_processor_it_comes_to()
    {
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Hardware.InterruptDescriptors = new DescriptorTablePointer { Base = 0x8888_0000, Limit = 0xFFF };
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(0x7777_0000ul, _bench[HostIdtrBase]);
        _bench.Processor.Unload(ref _bench.Host);
        HostContext other = new() { IdentifierCount = 0x1_0000, NextIdentifier = 5, ExtendedStates = 7 };
        _bench.Processor.Load(ref other);
        Assert.Equal((0x8888_0000ul, 5ul), (_bench[HostIdtrBase], _bench[Vpid]));
        _bench.Processor.Unload(ref other);
    }

    /// <summary>Tests beside this one fill tables too, which the count of changes tells.</summary>
    [Fact]
    public void Nested_translations_are_forgotten_once_after_tables_were_filled()
    {
        int changes = _bench.Host.NestedChanges;
        int forgotten = Count("invept");
        Assert.NotEqual(0, forgotten);
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Processor.Load(ref _bench.Host);
        Assert.Equal(_bench.Host.NestedChanges != changes, Count("invept") != forgotten);
        forgotten = Count("invept");
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Restart();
        Assert.Equal((forgotten + 1, 1, 2ul), (Count("invept"), Count("invvpid"), _bench[Vpid]));
    }

    [Fact]
    public void Measures_of_entries_and_exits_are_handed_to_the_world_switch()
    {
        _bench.Exit(10);
        Assert.Equal(0u, _bench.Hardware.Measures);
        _bench.Processor.Unload(ref _bench.Host);
        _bench.Host.Measures = SpeculationMeasures.FlushDataBeforeEntry | SpeculationMeasures.RestrictIndirect;
        _bench.Processor.Load(ref _bench.Host);
        _bench.Exit(10);
        Assert.Equal((1u << 29) | 1, _bench.Hardware.Measures);
    }

    /// <summary>SDM volume 3, table 10-1; VMX needs CR0.NE and CR4.VMXE set, and CR0.CD and NW are only shown.</summary>
    [Fact]
    public void Init_leaves_the_state_of_the_manual()
    {
        _bench.Hardware.CpuidLeaves[(1, 0)] = new CpuidResult { Eax = 0x0003_06C3 };
        _bench.Processor.Enter(new GuestEntry { Mode = OperatingMode.Bits64, Rip = 1, Rsp = 2, Rax = 3, Cr3 = 0x1000 });
        _bench.Processor.RequestInterruptWindow();
        _bench.Processor.RequestNonMaskableWindow();
        _bench.Hardware.Breakpoints[2] = 5;
        _bench.Processor.Reset();
        Assert.Equal((0x30ul, 0x6000_0010ul, 0ul, 0x2000ul), (_bench[0x6800], _bench[0x6004], _bench[0x6802], _bench[0x6804]));
        Assert.Equal((0ul, 2ul, 0xFFF0ul, 0x400ul), (_bench[0x2806], _bench[0x6820], _bench[0x681E], _bench[0x681A]));
        Assert.Equal(0ul, _bench[0x4012] & (1 << 9));
        (ulong, ulong, ulong, ulong) data = (0, 0, 0xFFFF, 0x93);
        Assert.Equal(
            [data, (0xF000, 0xFFFF_0000, 0xFFFF, 0x9B), data, data, data, data, (0, 0, 0xFFFF, 0x82), (0, 0, 0xFFFF, 0x8B)],
            Enumerable.Range(0, 8).Select(i => (ulong)(2 * i))
                .Select(i => (_bench[0x800 + i], _bench[0x6806 + i], _bench[0x4800 + i], _bench[0x4814 + i])));
        Assert.Equal((0ul, 0xFFFFul, 0ul, 0xFFFFul), (_bench[0x6816], _bench[0x4810], _bench[0x6818], _bench[0x4812]));
        Assert.Equal(0ul, _bench[0x4002] & ((1 << 2) | (1 << 22)));
        Assert.Equal((0ul, 0x0003_06C3ul), (_bench.Processor.Registers.Rax, _bench.Processor.Registers.Rdx));
        Assert.Equal(new ulong[4], _bench.Hardware.Breakpoints);
        Assert.Equal((0x6000_0010ul, 0ul), (_bench.Processor.Paging.Cr0, _bench.Processor.Cr4));
        Assert.Equal((OperatingMode.Bits16, 0xFFFF_0000ul), (_bench.Processor.Mode, _bench.Processor.CodeSegmentBase));
    }

    [Fact]
    public void A_start_up_ipi_leads_to_its_page()
    {
        _bench.Processor.Reset();
        _bench.Processor.Start(0x9A);
        Assert.Equal((0x9A00ul, 0x9_A000ul, 0x9Bul), (_bench[0x802], _bench[0x6808], _bench[0x4816]));
        Assert.Equal((0ul, 0x9_A000ul), (_bench.Processor.InstructionPointer, _bench.Processor.CodeSegmentBase));
    }

    /// <summary>Interruptibility (SDM volume 3, table 24-3): STI 0, MOV SS 1, NMI 3.</summary>
    [Theory]
    [InlineData(0ul, true)]
    [InlineData(1ul, false)]
    [InlineData(2ul, false)]
    [InlineData(8ul, false)]
    public void An_nmi_waits_for_the_shadow_and_the_one_before(ulong state, bool can)
    {
        _bench[Interruptibility] = state;
        Assert.Equal(can, _bench.Processor.CanTakeNonMaskable);
    }

    [Fact]
    public void An_nmi_is_injected_and_its_window_asked_for_once()
    {
        _bench.Processor.InjectNonMaskable();
        Assert.False(_bench.Processor.CanTakeNonMaskable);
        ulong injected = 0;
        _bench.Run(() =>
        {
            injected = _bench[0x4016];
            _bench[0x4402] = 10;
        });
        Assert.Equal(0x8000_0202ul, injected);
        _bench.Processor.RequestNonMaskableWindow();
        Assert.NotEqual(0ul, _bench[0x4002] & (1 << 22));
        Assert.Equal(ExitKind.InterruptWindow, _bench.Exit(8).Kind);
        Assert.Equal(0ul, _bench[0x4002] & (1 << 22));
    }

    /// <summary>SDM volume 3, 27.2.3: bit 12 of the qualification says that an IRET had unblocked NMIs and will run again.</summary>
    [Theory]
    [InlineData(0x1000ul, 0ul, 8ul)]
    [InlineData(0ul, 0ul, 0ul)]
    [InlineData(0x1000ul, 0x8000_0020ul, 0ul)] // the violation was in the delivery of an event
    public void A_return_that_is_cut_short_blocks_again(ulong qualification, ulong interrupted, ulong state)
    {
        _bench.Run(() =>
        {
            _bench[0x4402] = 48;
            _bench[0x6400] = qualification;
            _bench[0x4408] = interrupted;
        });
        Assert.Equal(state, _bench[Interruptibility]);
    }

    [Fact]
    public void An_nmi_whose_delivery_is_cut_short_can_come_again()
    {
        ulong injected = 0;
        _bench.Run(() =>
        {
            _bench[0x4402] = 48;
            _bench[0x4408] = 0x8000_0202;
            _bench[Interruptibility] = 8;
        });
        Assert.Equal(0ul, _bench[Interruptibility]);
        _bench.Run(() => injected = _bench[0x4016]);
        Assert.Equal(0x8000_0202ul, injected);
    }

    private int Count(string step) => _bench.Hardware.VmxSteps.Count(each => each == step);
}
