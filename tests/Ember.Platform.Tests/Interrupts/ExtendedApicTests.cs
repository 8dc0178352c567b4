using System.Collections.Generic;
using Ember.Platform.Interrupts;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Platform.Tests.Interrupts;

/// <summary>x2APIC mode (Intel SDM volume 3, section 10.12) on MSRs that remember what was written.</summary>
public sealed class ExtendedApicTests
{
    private const uint ApicBase = 0x1B;

    [Fact]
    public void Registers_are_MSRs_at_a_sixteenth_of_their_offsets()
    {
        var hardware = new Msrs { [ApicBase] = 0xFEE0_0900, [0x802] = 0x1234_5678, [0x839] = 77 };
        LocalApic apic = default;
        apic.Enable(0xE0, 0xFF);
        apic.StartTimer(500);
        apic.EndOfInterrupt();
        Assert.Equal((0x1234_5678u, 77u), (apic.Id, apic.TimerCount));
        Assert.Equal(
            [
                (ApicBase, 0xFEE0_0D00), (0x80F, 0x1FF), (0x808, 0), (0x835, 0x1_0000), (0x83E, 0xB), (0x832, 0xE0), (0x838, 500),
                (0x80B, 0),
            ],
            hardware.Written);
    }

    /// <summary>Figure 10-28: the destination fills the upper half; modes and level as in section 10.6.1.</summary>
    [Fact]
    public void A_command_is_one_write_with_an_identifier_of_32_bits()
    {
        var hardware = new Msrs();
        LocalApic apic = default;
        apic.SendInit(0x1_0203);
        apic.SendStart(0x1_0203, 0x9_D000);
        apic.Send(7, 0xE1);
        apic.SendNonMaskable(7);
        Assert.Equal(
            [
                (0x830u, 0x1_0203_0000_4500ul), (0x830, 0x1_0203_0000_469D), (0x830, 0x7_0000_40E1), (0x830, 0x7_0000_4400),
            ],
            hardware.Written);
    }

    [Theory]
    [InlineData(true, true, false, true)]
    [InlineData(true, false, true, true)]
    [InlineData(true, false, false, false)]
    [InlineData(false, false, true, false)]
    public void It_is_used_where_the_firmware_left_it_on_or_identifiers_need_it(bool known, bool on, bool longIds, bool extended)
    {
        _ = new Msrs { HasExtendedMode = known, [ApicBase] = 0xFEE0_0900ul | (on ? 1u << 10 : 0) };
        Assert.Equal(extended, LocalApic.Choose(longIds).IsExtended);
    }

    private sealed class Msrs : RefusingHardware
    {
        private readonly Dictionary<uint, ulong> _values = [];

        public Msrs() => Cpu.Hardware = this;

        public bool HasExtendedMode { get; init; }

        public List<(uint Index, ulong Value)> Written { get; } = [];

        public ulong this[uint index]
        {
            init => _values[index] = value;
        }

        public override CpuidResult Cpuid(uint leaf, uint subleaf) =>
            leaf == 1 ? new CpuidResult { Ecx = HasExtendedMode ? 1u << 21 : 0 } : base.Cpuid(leaf, subleaf);

        public override ulong ReadMsr(uint index) => _values[index];

        public override void WriteMsr(uint index, ulong value) => Written.Add((index, value));
    }
}
