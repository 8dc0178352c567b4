using System;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class AcpiPowerTests
{
    private const ulong Carry = 599_930_000_000;

    private AcpiPower _power;

    private void Write(ushort port, ushort value, ulong now = 0)
    {
        _power.WriteBlock(port, (byte)value, now);
        _power.WriteBlock((ushort)(port + 1), (byte)(value >> 8), now);
    }

    [Fact]
    public void The_timer_runs_at_3_579545_megahertz_in_32_bits() => Gen.ULong[0, 1ul << 62].Sample(now =>
        Assert.Equal((uint)((UInt128)now * 63 / 17_600), _power.ReadBlock(AcpiPower.TimerPort, now)));

    [Fact]
    public void A_second_has_the_ticks_of_the_specification() =>
        Assert.Equal(3_579_545u, _power.ReadBlock(AcpiPower.TimerPort, 1_000_000_000));

    [Fact]
    public void It_is_in_ACPI_mode_from_the_start()
    {
        Assert.Equal(1u, _power.ReadBlock(AcpiPower.ControlPort, 0));
        Write(AcpiPower.ControlPort, 0);
        Assert.Equal(1u, _power.ReadBlock(AcpiPower.ControlPort, 0));
    }

    [Fact]
    public void The_power_button_raises_the_SCI_if_enabled_until_its_status_is_cleared()
    {
        _power.PressPowerButton();
        Assert.False(_power.InterruptOutput);
        Write(AcpiPower.EventPort + 2, 0xFFFF);
        Assert.True(_power.InterruptOutput);
        Assert.Equal(0x0521_0100u, _power.ReadBlock(AcpiPower.EventPort, 0));
        Write(AcpiPower.EventPort, 0xFEFF);
        Assert.True(_power.InterruptOutput);
        Write(AcpiPower.EventPort, 0x0100);
        Assert.False(_power.InterruptOutput);
    }

    [Fact]
    public void The_timer_raises_the_SCI_when_its_top_bit_changes()
    {
        Assert.Equal(ulong.MaxValue, _power.NextEvent);
        Write(AcpiPower.EventPort + 2, 1);
        ulong next = _power.NextEvent;
        Assert.InRange(next, Carry - 10_000_000, Carry + 10_000_000);
        _power.Advance(next - 1);
        Assert.False(_power.InterruptOutput);
        _power.Advance(next);
        Assert.True(_power.InterruptOutput);
        Assert.Equal(0x8000_0000u, _power.ReadBlock(AcpiPower.TimerPort, next));
        Assert.Equal(ulong.MaxValue, _power.NextEvent);
        Write(AcpiPower.EventPort, 1, next);
        Assert.InRange(_power.NextEvent, 2 * next - 1_000, 2 * next + 1_000);
    }

    [Theory]
    [InlineData(0x2000 | (5 << 10), ChipsetRequest.PowerOff)]
    [InlineData(0x2000 | (1 << 10), ChipsetRequest.None)]
    [InlineData(5 << 10, ChipsetRequest.None)]
    public void Only_sleep_enable_with_the_type_of_S5_powers_off(int value, ChipsetRequest expected)
    {
        Write(AcpiPower.ControlPort, (ushort)value);
        Assert.Equal(expected, _power.TakeRequest());
        Assert.Equal((uint)(value & 0x1C00) | 1, _power.ReadBlock(AcpiPower.ControlPort, 0));
    }

    [Fact]
    public void The_reset_register_needs_a_rising_bit()
    {
        _power.Write(AcpiPower.ResetPort, 0x02);
        Assert.Equal(ChipsetRequest.None, _power.TakeRequest());
        Assert.Equal(0x02, _power.Read(AcpiPower.ResetPort));
        _power.Write(AcpiPower.ResetPort, AcpiPower.ResetValue);
        Assert.Equal(ChipsetRequest.Reset, _power.TakeRequest());
        _power.Write(AcpiPower.ResetPort, AcpiPower.ResetValue);
        Assert.Equal(ChipsetRequest.None, _power.TakeRequest());
    }

    [Theory]
    [InlineData(0x64, 0xFE, ChipsetRequest.Reset)]
    [InlineData(0x64, 0xD1, ChipsetRequest.None)]
    [InlineData(0x92, 0x01, ChipsetRequest.Reset)]
    [InlineData(0x92, 0x02, ChipsetRequest.None)]
    public void Keyboard_controller_and_fast_reset(ushort port, byte value, ChipsetRequest expected)
    {
        _power.Write(port, value);
        Assert.Equal(expected, _power.TakeRequest());
    }

    [Fact]
    public void A20_is_on_and_the_keyboard_controller_is_idle()
    {
        Assert.Equal(0x02, _power.Read(0x92));
        Assert.Equal(0x00, _power.Read(0x64));
    }
}
