using System;
using System.Collections.Generic;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization.Speculation;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization.Speculation;

/// <summary>What is done against speculation on processors that a test describes by CPUID and IA32_ARCH_CAPABILITIES.</summary>
public sealed class SpeculationTableTests
{
    private const uint ArchCapabilities = 0x10A;
    private const uint SpecControl = 0x48;
    private readonly FakeHardware _hardware = new();

    [Fact]
    public void A_processor_that_says_nothing_is_left_alone()
    {
        Assert.Equal(SpeculationMeasures.None, SpeculationStart.Apply());
        Assert.Empty(_hardware.Msrs);
    }

    /// <summary>Haswell with the microcode of 2018: IBRS, STIBP, SSBD, L1D_FLUSH and MD_CLEAR, no ARCH_CAPABILITIES.</summary>
    [Fact]
    public void An_old_intel_processor_needs_everything()
    {
        Intel(edx: Bits(10, 26, 27, 28, 31));
        SpeculationMeasures measures = SpeculationStart.Apply();
        Assert.Equal(
            SpeculationMeasures.RestrictIndirect | SpeculationMeasures.SeparateThreads | SpeculationMeasures.KeepStoresInOrder
            | SpeculationMeasures.BarrierBetweenMachines | SpeculationMeasures.RestrictAfterExit
            | SpeculationMeasures.FillReturnsAfterExit | SpeculationMeasures.ClearBuffersBeforeEntry
            | SpeculationMeasures.FlushDataBeforeEntry,
            measures);
        Assert.Equal(7ul, _hardware.Msrs[SpecControl]);
    }

    /// <summary>The "not affected" bits: RDCL_NO 0, IBRS_ALL 1, SSB_NO 4, MDS_NO 5, TAA_NO 8, BHI_NO 20, RFDS_NO 27.</summary>
    [Fact]
    public void A_new_intel_processor_keeps_what_is_set_once()
    {
        Intel(edx: Bits(10, 26, 27, 28, 29, 31), ebx: Bits(11), capabilities: Bits(0, 1, 4, 5, 8, 20, 27));
        Assert.Equal(
            SpeculationMeasures.RestrictIndirect | SpeculationMeasures.BarrierBetweenMachines | SpeculationMeasures.FillReturnsAfterExit,
            SpeculationStart.Apply());
        Assert.Equal(1ul, _hardware.Msrs[SpecControl]);
    }

    [Theory]
    [InlineData(0, SpeculationMeasures.FlushDataBeforeEntry)]
    [InlineData(3, SpeculationMeasures.FlushDataBeforeEntry)]
    [InlineData(1, SpeculationMeasures.RestrictAfterExit)]
    [InlineData(1, SpeculationMeasures.SeparateThreads)]
    [InlineData(4, SpeculationMeasures.KeepStoresInOrder)]
    [InlineData(5, SpeculationMeasures.ClearBuffersBeforeEntry)]
    [InlineData(20, SpeculationMeasures.IgnoreHistory)]
    internal void Each_exemption_spares_its_measure(int bit, SpeculationMeasures measure)
    {
        Intel(edx: Bits(10, 26, 27, 28, 29, 31), capabilities: 0, controls: Bits(4));
        Assert.Equal(measure, SpeculationStart.Apply() & measure);
        _hardware.Msrs[ArchCapabilities] = Bits(bit);
        Assert.Equal(SpeculationMeasures.None, SpeculationStart.Apply() & measure);
    }

    /// <summary>Each of these asks for VERW although the processor is not affected by MDS.</summary>
    [Theory]
    [InlineData(0, 5, true)] // TSX and no TAA_NO
    [InlineData(1, 5, false)]
    [InlineData(2, 17, true)] // FB_CLEAR
    [InlineData(2, 28, true)] // RFDS_CLEAR
    public void Buffers_are_cleared_for_every_reason(int kind, int bit, bool cleared)
    {
        Intel(edx: Bits(10, 29), ebx: kind == 0 ? Bits(11) : 0, capabilities: Bits(5, bit));
        Assert.Equal(cleared, (SpeculationStart.Apply() & SpeculationMeasures.ClearBuffersBeforeEntry) != 0);
    }

    /// <summary>Family 19h, model 61h (Zen 4): IBPB, STIBP, SSBD, automatic IBRS; neither SRSO_NO nor ERAPS.</summary>
    [Fact]
    public void An_amd_processor_with_automatic_ibrs_needs_it_enabled_and_barriers()
    {
        Amd(signature: 0x00A6_0F12, ebx: Bits(12, 14, 15, 24), second: Bits(8));
        _hardware.Msrs[0xC000_0080] = 0x1D01;
        Assert.Equal(
            SpeculationMeasures.SeparateThreads | SpeculationMeasures.KeepStoresInOrder | SpeculationMeasures.AutomaticRestriction
            | SpeculationMeasures.BarrierBetweenMachines | SpeculationMeasures.BarrierAfterExit | SpeculationMeasures.FillReturnsAfterExit,
            SpeculationStart.Apply());
        Assert.Equal(0x20_1D01ul, _hardware.Msrs[0xC000_0080]);
        Assert.Equal(6ul, _hardware.Msrs[SpecControl]);
    }

    /// <summary>Zen 5 says SRSO_NO 29 and ERAPS 24: no exit costs anything.</summary>
    [Fact]
    public void A_processor_that_sees_to_itself_has_no_dearer_exits()
    {
        Amd(signature: 0x00B4_0F40, ebx: Bits(12, 15, 24, 29), second: Bits(8, 24, 29));
        _hardware.Msrs[0xC000_0080] = 0;
        Assert.Equal(SpeculationMeasures.None, SpeculationStart.Apply() & SpeculationMeasures.Guarded);
    }

    [Theory]
    [InlineData(0x0060_0F20u, 0xC001_1020u, 1ul << 54)] // family 15h
    [InlineData(0x0070_0F01u, 0xC001_1020u, 1ul << 33)] // family 16h
    [InlineData(0x0080_0F12u, 0xC001_1020u, 1ul << 10)] // family 17h
    public void Stores_are_kept_in_order_in_the_register_the_family_has(uint signature, uint msr, ulong value)
    {
        Amd(signature, ebx: 0, second: 0);
        _hardware.Msrs[msr] = 0;
        SpeculationStart.Apply();
        Assert.Equal(new Dictionary<uint, ulong> { [msr] = value }, _hardware.Msrs);
    }

    /// <summary>VIRT_SPEC_CTRL is a virtual machine's; a virtual machine (CPUID 1 ECX 31) has no LS_CFG.</summary>
    [Fact]
    public void In_a_virtual_machine_stores_are_kept_in_order_by_its_own_register()
    {
        Amd(signature: 0x0080_0F12, ebx: Bits(25), second: 0, ecx: 1u << 31);
        _hardware.Msrs[0xC001_011F] = 0;
        SpeculationStart.Apply();
        Assert.Equal(new Dictionary<uint, ulong> { [0xC001_011F] = 4 }, _hardware.Msrs);
    }

    [Fact]
    public void Every_row_has_its_columns_and_leads_to_a_measure()
    {
        ReadOnlySpan<byte> rows = SpeculationTable.Rows;
        Assert.Equal(0, rows.Length % SpeculationTable.Columns);
        for (int row = 0; row < rows.Length; row += SpeculationTable.Columns)
        {
            var measure = (SpeculationMeasures)(1u << rows[row + 4]);
            Assert.True(Enum.IsDefined(measure), $"row {row / SpeculationTable.Columns} has no measure");
            Assert.All(rows.Slice(row, 4).ToArray(), feature => Assert.True(Enum.IsDefined((SpeculationFeature)feature)));
        }
    }

    private void Intel(uint edx, uint ebx = 0, uint controls = 0, ulong capabilities = 0)
    {
        _hardware.CpuidLeaves[(0, 0)] = new CpuidResult { Eax = 0x16, Ebx = 0x756E_6547, Ecx = 0x6C65_746E, Edx = 0x4965_6E69 };
        _hardware.CpuidLeaves[(7, 0)] = new CpuidResult { Eax = 2, Ebx = ebx, Edx = edx };
        _hardware.CpuidLeaves[(7, 2)] = new CpuidResult { Edx = controls };
        _hardware.Msrs[ArchCapabilities] = capabilities;
    }

    private void Amd(uint signature, uint ebx, uint second, uint ecx = 0)
    {
        _hardware.CpuidLeaves[(0, 0)] = new CpuidResult { Eax = 0x10, Ebx = 0x6874_7541, Ecx = 0x444D_4163, Edx = 0x6974_6E65 };
        _hardware.CpuidLeaves[(1, 0)] = new CpuidResult { Eax = signature, Ecx = ecx };
        _hardware.CpuidLeaves[(0x8000_0000, 0)] = new CpuidResult { Eax = 0x8000_0028 };
        _hardware.CpuidLeaves[(0x8000_0008, 0)] = new CpuidResult { Ebx = ebx };
        _hardware.CpuidLeaves[(0x8000_0021, 0)] = new CpuidResult { Eax = second };
    }

    private static uint Bits(params int[] bits)
    {
        uint value = 0;
        foreach (int bit in bits)
        {
            value |= 1u << bit;
        }

        return value;
    }
}
