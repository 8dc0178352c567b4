using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class IoApicTests
{
    private IoApic _ioApic;

    public IoApicTests() => _ioApic.Initialize();

    private uint Read(uint register)
    {
        _ioApic.Write(0, register);
        return _ioApic.Read(0x10);
    }

    private void Write(uint register, uint value)
    {
        _ioApic.Write(0, register);
        _ioApic.Write(0x10, value);
    }

    [Fact]
    public void Reset_state_is_the_data_sheets()
    {
        Assert.Equal(0u, Read(0));
        Assert.Equal(0x0017_0011u, Read(1));
        Assert.Equal(0u, Read(2));
        for (uint pin = 0; pin < IoApic.Pins; pin++)
        {
            Assert.Equal(0x0001_0000u, Read(0x10 + (2 * pin)));
            Assert.Equal(0u, Read(0x11 + (2 * pin)));
        }

        Assert.Equal(0u, Read(0x40));
        Assert.Equal(0x40u, _ioApic.Read(0));
    }

    [Fact]
    public void Only_what_can_be_written_is()
    {
        Write(0, uint.MaxValue);
        Assert.Equal(0x0F00_0000u, Read(0));
        Assert.Equal(0x0F00_0000u, Read(2));
        Write(1, 0);
        Assert.Equal(0x0017_0011u, Read(1));
        Write(0x3E, uint.MaxValue);
        Write(0x3F, uint.MaxValue);
        Assert.Equal(0x0001_AFFFu, Read(0x3E));
        Assert.Equal(0xFF00_0000u, Read(0x3F));
        _ioApic.Write(0x20, 1);
        Assert.Equal(0u, _ioApic.Read(0x20));
    }

    [Fact]
    public void The_message_is_the_entry()
    {
        Write(0x15, 0x0300_0000);
        Write(0x14, 0x0000_8941);
        InterruptMessage message = _ioApic.MessageOf(2);
        Assert.Equal(3u, message.Destination);
        Assert.Equal(0x41, message.Vector);
        Assert.Equal(DeliveryMode.LowestPriority, message.Mode);
        Assert.True(message.Logical);
        Assert.True(message.Level);
    }

    [Fact]
    public void An_edge_is_delivered_once_and_lost_while_masked()
    {
        _ioApic.SetLine(4, true);
        Write(0x18, 0x41);
        Assert.Equal(0u, _ioApic.Deliverable);
        _ioApic.SetLine(4, false);
        _ioApic.SetLine(4, true);
        _ioApic.SetLine(4, false);
        Assert.Equal(1u << 4, _ioApic.Deliverable);
        _ioApic.Accepted(4);
        Assert.Equal(0u, _ioApic.Deliverable);
        Assert.Equal(0x41u, Read(0x18));
    }

    [Fact]
    public void A_level_waits_for_the_end_of_its_interrupt()
    {
        Write(0x22, 0xA041);
        _ioApic.SetLine(9, true);
        _ioApic.Accepted(9);
        Assert.Equal(0u, _ioApic.Deliverable);
        Assert.Equal(0xE041u, Read(0x22));
        _ioApic.EndOfInterrupt(0x42);
        Assert.Equal(0u, _ioApic.Deliverable);
        _ioApic.EndOfInterrupt(0x41);
        Assert.Equal(1u << 9, _ioApic.Deliverable);
        Assert.Equal(0xA041u, Read(0x22));
        _ioApic.SetLine(9, false);
        Assert.Equal(0u, _ioApic.Deliverable);
    }

    [Fact]
    public void A_level_masked_meanwhile_is_delivered_when_unmasked()
    {
        Write(0x22, 0x1_8041);
        _ioApic.SetLine(9, true);
        Assert.Equal(0u, _ioApic.Deliverable);
        Write(0x22, 0x8041);
        Assert.Equal(1u << 9, _ioApic.Deliverable);
    }

    /// <summary>Linux's __eoi_ioapic_pin for chips without an EOI register.</summary>
    [Fact]
    public void Switching_to_edge_and_back_clears_remote_IRR()
    {
        Write(0x22, 0x8041);
        _ioApic.SetLine(9, true);
        _ioApic.Accepted(9);
        Write(0x22, 0x1_0041);
        Assert.Equal(0x1_0041u, Read(0x22));
        Write(0x22, 0x8041);
        Assert.Equal(1u << 9, _ioApic.Deliverable);
    }

    [Fact]
    public void End_of_interrupt_reaches_every_pin_with_the_vector()
    {
        foreach (int pin in new[] { 5, 23 })
        {
            Write((uint)(0x10 + (2 * pin)), 0x8041);
            _ioApic.SetLine(pin, true);
            _ioApic.Accepted(pin);
        }

        _ioApic.EndOfInterrupt(0x41);
        Assert.Equal((1u << 5) | (1u << 23), _ioApic.Deliverable);
    }
}
