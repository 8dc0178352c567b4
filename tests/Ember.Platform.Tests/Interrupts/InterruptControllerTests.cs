using System;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Platform.Interrupts;

namespace Ember.Platform.Tests.Interrupts;

/// <summary>Both APICs on registers that are only memory: what was written where, last.</summary>
public sealed unsafe class InterruptControllerTests : IDisposable
{
    private readonly byte* _registers = (byte*)NativeMemory.AllocZeroed(4096);

    public void Dispose() => NativeMemory.Free(_registers);

    /// <summary>AMD APM volume 2, table 16-2, and nothing besides.</summary>
    [Fact]
    public void The_local_apic_is_enabled_with_its_timer_and_without_the_8259()
    {
        const uint Untouched = 0xDEAD_BEEF;
        new Span<uint>(_registers, 1024).Fill(Untouched);
        new LocalApic(_registers).Enable(0xE0, 0xFF);
        (int Offset, uint Value)[] expected =
        [
            (0x080, 0), (0x0F0, 0x1FF), (0x320, 0xE0), (0x350, 0x1_0000), (0x3E0, 0xB),
        ];
        Assert.Equal(
            expected,
            Enumerable.Range(0, 1024).Where(i => At(i * 4) != Untouched).Select(i => (i * 4, At(i * 4))));
    }

    [Fact]
    public void The_local_apics_registers_are_read_and_written_where_the_manual_says()
    {
        var apic = new LocalApic(_registers);
        At(0x020) = 0xA500_0000;
        At(0x390) = 0x1234_5678;
        At(0x0B0) = 1;
        apic.StartTimer(0x8765_4321);
        apic.EndOfInterrupt();
        Assert.Equal((0xA5u, 0x1234_5678u, 0x8765_4321u, 0u), (apic.Id, apic.TimerCount, At(0x380), At(0x0B0)));
        Assert.Equal(0xFEE0_0000ul, LocalApic.DefaultAddress);
    }

    /// <summary>AMD APM volume 2, section 16.5: the target in bits 31:24 of the upper half, which the lower half sends.</summary>
    [Fact]
    public void A_command_names_its_target_before_it_is_sent()
    {
        var apic = new LocalApic(_registers);
        apic.SendInit(3);
        Assert.Equal((0x0300_0000u, 0x4500u), (At(0x310), At(0x300)));
        apic.SendStart(4, 0x9_D000);
        Assert.Equal((0x0400_0000u, 0x469Du), (At(0x310), At(0x300)));
        apic.Send(5, 0xE1);
        Assert.Equal((0x0500_0000u, 0x40E1u), (At(0x310), At(0x300)));
        apic.SendNonMaskable(6);
        Assert.Equal((0x0600_0000u, 0x4400u), (At(0x310), At(0x300)));
    }

    /// <summary>Delivery status, bit 12: here the one before never gets on its way.</summary>
    [Fact]
    public void A_command_that_is_never_delivered_is_not_waited_for_for_ever()
    {
        At(0x300) = 1 << 12;
        new LocalApic(_registers).Send(5, 0xE1);
        Assert.Equal((0x0500_0000u, 0x40E1u), (At(0x310), At(0x300)));
    }

    /// <summary>Version register, bits 23:16: the highest input (82093AA data sheet, 3.2.2). Register 1 is selected to read it.</summary>
    [Theory]
    [InlineData(0x0017_0011u, 24u)]
    [InlineData(0xFF00_0020u, 1u)]
    [InlineData(0x00EF_0020u, 240u)]
    [InlineData(0xFFFF_FFFFu, 256u)]
    public void The_io_apic_says_how_many_inputs_it_has(uint version, uint count)
    {
        At(0x10) = version;
        Assert.Equal(count, new IoApic(_registers).InputCount);
        Assert.Equal(1u, At(0));
    }

    [Fact]
    public void Masking_ends_at_the_last_input()
    {
        At(0x10) = 0x0017_0011;
        new IoApic(_registers).MaskAll();
        Assert.Equal((0x10u + (23 * 2), 1u << 16), (At(0), At(0x10)));
    }

    /// <summary>The low half is written last: until then the input stays masked.</summary>
    [Fact]
    public void Routing_ends_with_the_half_that_lets_the_input_through()
    {
        new IoApic(_registers).Route(4, 0x60, 7);
        Assert.Equal((0x18u, 0x60u), (At(0), At(0x10)));
    }

    private ref uint At(int offset) => ref *(uint*)(_registers + offset);
}
