using System;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class ChipsetTests : IDisposable
{
    private readonly Board _board = new();

    public void Dispose() => _board.Dispose();

    [Fact]
    public void At_power_on_nothing_happens()
    {
        Assert.Equal(ulong.MaxValue, _board.Chipset.Processor(0).NextEvent);
        Assert.False(_board.Chipset.Processor(0).Apic.InterruptPending);
        Assert.Equal(-1, _board.Chipset.PeekInterrupt(0));
        Assert.Equal(ChipsetRequest.None, _board.Chipset.TakeRequest());
        Assert.Equal(0xFEE0_0900ul, _board.ReadMsr(Chipset.ApicBaseMsr));
    }

    /// <summary>
    /// Virtual wire mode: the 8259 pair interrupts through LINT0 although the guest has not touched the local APIC.
    /// </summary>
    [Fact]
    public void The_8259_interrupts_through_the_virtual_wire()
    {
        _board.StartPic(0x0005);
        _board.StartTimer(11_932);
        _board.Sleep(10_001_000);
        Assert.Equal(0x30, _board.Take());
        Assert.Equal(-1, _board.Take());
        _board.Out(0x20, 0x20);
        _board.Sleep(20_002_000);
        Assert.Equal(0x30, _board.Take());
        _board.WriteApic(Board.Lint0, 0x10700);
        _board.Out(0x20, 0x20);
        _board.Sleep(30_003_000);
        Assert.Equal(-1, _board.Take());
    }

    [Fact]
    public void The_8259_takes_precedence_and_the_local_APIC_keeps_its_own()
    {
        _board.StartPic(0x0010);
        _board.WriteMsr(Chipset.ApicBaseMsr, 0xFEE0_0C00);
        _board.WriteMsr(0x83F, 0x55);
        _board.Out(0x3FC, 0x08);
        _board.Out(0x3F9, 0x02);
        Assert.Equal(0x34, _board.Take());
        Assert.Equal(0x55, _board.Take());
    }

    [Fact]
    public void With_the_local_APIC_off_the_8259_is_the_processors_own()
    {
        _board.WriteMsr(Chipset.ApicBaseMsr, 0xFEE0_0000);
        _board.StartPic(0x0010);
        _board.Out(0x3FC, 0x08);
        _board.Out(0x3F9, 0x02);
        Assert.Equal(0x34, _board.Take());
        Assert.Equal(0xFFFF_FFFF, _board.ReadApic(Board.Svr));
    }

    /// <summary>Linux's check_timer: IRQ 0 by the I/O APIC's pin 2, edge, and jiffies must advance.</summary>
    [Fact]
    public void The_timer_interrupts_through_pin_2_of_the_IO_APIC()
    {
        _board.WriteApic(Board.Lint0, 0x10700);
        _board.RoutePin(2, 0x30);
        _board.StartTimer(4_773);
        int ticks = 0;
        while (_board.Now < 100_000_000)
        {
            _board.Sleep(_board.Chipset.Processor(0).NextEvent);
            Assert.Equal(0x30, _board.Take());
            _board.WriteApic(Board.Eoi, 0);
            ticks++;
        }

        Assert.Equal(25, ticks);
        _board.RoutePin(2, 0x10030);
        _board.Sleep(200_000_000);
        Assert.Equal(-1, _board.Take());
    }

    [Fact]
    public void The_UART_interrupts_through_pin_4()
    {
        _board.RoutePin(4, 0x34);
        _board.Out(0x3FC, 0x08);
        _board.Out(0x3F9, 0x01);
        Assert.Equal(-1, _board.Take());
        Assert.True(_board.Chipset.Uart.TryReceive((byte)'x'));
        _board.Chipset.CarryUartInterrupt(0);
        Assert.Equal(0x34, _board.Take());
        Assert.Equal((byte)'x', _board.In(0x3F8));
        _board.WriteApic(Board.Eoi, 0);
        Assert.Equal(-1, _board.Take());
        Assert.True(_board.Chipset.Uart.TryReceive((byte)'y'));
        _board.Chipset.CarryUartInterrupt(0);
        Assert.Equal(0x34, _board.Take());
    }

    [Fact]
    public void The_clock_interrupts_through_pin_8_every_second()
    {
        _board.RoutePin(8, 0x38);
        _board.Out(0x70, 0x0B);
        _board.Out(0x71, 0x12);
        for (ulong second = 1; second <= 3; second++)
        {
            Assert.Equal(second * 1_000_000_000, _board.Chipset.Processor(0).NextEvent);
            _board.Sleep(second * 1_000_000_000);
            Assert.Equal(0x38, _board.Take());
            _board.WriteApic(Board.Eoi, 0);
            _board.Out(0x70, 0x0C);
            Assert.Equal(0xD0, _board.In(0x71));
        }
    }

    [Fact]
    public void The_power_button_holds_the_SCI_on_pin_9_until_it_is_heard()
    {
        _board.RoutePin(9, 0x8039);
        _board.Chipset.WritePort(0, AcpiPower.EventPort + 2, 2, 0x100, _board.Now);
        _board.Chipset.Processor(0).Inbox.Post(InboxSignals.PowerButton);
        Assert.Equal(InboxSignals.None, _board.Chipset.TakeMail(0));
        Assert.Equal(0x39, _board.Take());
        Assert.Equal(-1, _board.Take());
        Assert.Equal(0xC039u, _board.ReadIoApic(0x10 + 18));
        _board.WriteApic(Board.Eoi, 0);
        Assert.Equal(0x39, _board.Take());
        _board.Chipset.WritePort(0, AcpiPower.EventPort, 2, 0x100, _board.Now);
        _board.WriteApic(Board.Eoi, 0);
        Assert.Equal(-1, _board.Take());
        Assert.Equal(0x8039u, _board.ReadIoApic(0x10 + 18));
    }

    [Fact]
    public void Power_off_and_reset_are_requests()
    {
        _board.Chipset.WritePort(0, AcpiPower.ControlPort, 2, 0x2000 | (AcpiPower.SoftOff << 10), 0);
        Assert.Equal(ChipsetRequest.PowerOff, _board.Chipset.TakeRequest());
        Assert.Equal(ChipsetRequest.None, _board.Chipset.TakeRequest());
        foreach ((ushort port, byte value) in new (ushort, byte)[] { (0xCF9, 0x06), (0x64, 0xFE), (0x92, 0x01) })
        {
            _board.Out(port, value);
            Assert.Equal(ChipsetRequest.Reset, _board.Chipset.TakeRequest());
        }
    }

    /// <summary>Linux's pci_check_type1 and pci_check_type2 must both find nothing, and must not reset the machine.</summary>
    [Fact]
    public void There_is_no_PCI_bus()
    {
        _board.Out(0xCFB, 0x01);
        _board.Chipset.WritePort(0, 0xCF8, 4, 0x8000_0000, 0);
        Assert.Equal(uint.MaxValue, _board.Chipset.ReadPort(0, 0xCF8, 4, 0));
        _board.Chipset.WritePort(0, 0xCF8, 4, 0x8000_0600, 0);
        Assert.Equal(uint.MaxValue, _board.Chipset.ReadPort(0, 0xCFC, 4, 0));
        Assert.Equal(0xFFFFu, _board.Chipset.ReadPort(0, 0xCFE, 2, 0));
        _board.Out(0xCFB, 0);
        _board.Out(0xCF8, 0);
        _board.Out(0xCFA, 0);
        Assert.Equal(0xFF, _board.In(0xCF8));
        Assert.Equal(ChipsetRequest.None, _board.Chipset.TakeRequest());
        Assert.Equal(0ul, _board.Chipset.UnknownPortBytes);
    }

    [Theory]
    [InlineData(1, 0xFFu)]
    [InlineData(2, 0xFFFFu)]
    [InlineData(4, uint.MaxValue)]
    public void Ports_that_nobody_has_read_all_ones_and_are_counted(int size, uint expected)
    {
        Assert.Equal(expected, _board.Chipset.ReadPort(0, 0x2F8, size, 0));
        _board.Chipset.WritePort(0, 0x2F8, size, 0, 0);
        Assert.Equal(2ul * (ulong)size, _board.Chipset.UnknownPortBytes);
    }

    [Fact]
    public void Wide_accesses_are_split_into_bytes()
    {
        _board.Chipset.WritePort(0, 0x3FB, 1, 0x80, 0);
        _board.Chipset.WritePort(0, 0x3F8, 2, 0x1234, 0);
        Assert.Equal(0x1234u, _board.Chipset.ReadPort(0, 0x3F8, 2, 0));
        Assert.Equal(0x34u, _board.Chipset.ReadPort(0, 0x3F8, 1, 0));
        Assert.Equal(0xFF00u | _board.In(0x3FF), _board.Chipset.ReadPort(0, 0x3FF, 2, 0));
    }

    [Fact]
    public void The_boot_timer_records_what_and_when()
    {
        _board.Now = 123;
        _board.Out(BootTimer.Port, 7);
        _board.Now = 456;
        _board.Out(BootTimer.Port, 8);
        Assert.True(_board.Chipset.BootTimer.TryTake(out byte value, out ulong at));
        Assert.Equal((7, 123ul), (value, at));
        Assert.True(_board.Chipset.BootTimer.TryTake(out value, out at));
        Assert.Equal((8, 456ul), (value, at));
        Assert.False(_board.Chipset.BootTimer.TryTake(out _, out _));
        for (int i = 0; i < 20; i++)
        {
            _board.Out(BootTimer.Port, (byte)i);
        }

        for (int i = 0; i < 8; i++)
        {
            Assert.True(_board.Chipset.BootTimer.TryTake(out value, out _));
            Assert.Equal(i, value);
        }

        Assert.False(_board.Chipset.BootTimer.TryTake(out _, out _));
    }

    [Fact]
    public void Windows_are_pages_and_registers_are_whole()
    {
        Assert.False(_board.Chipset.TryReadMemory(0, 0xFEDF_FFFF, 4, 0, out _));
        Assert.False(_board.Chipset.TryReadMemory(0, 0xFEE0_1000, 4, 0, out _));
        Assert.False(_board.Chipset.TryWriteMemory(0, 0xFEC0_1000, 4, 0, 0));
        Assert.Equal(0x0005_0014u, _board.ReadApic(0x30));
        Assert.True(_board.Chipset.TryReadMemory(0, LocalApic.Base + 0x32, 1, 0, out ulong value));
        Assert.Equal(0x05ul, value);
        Assert.True(_board.Chipset.TryReadMemory(0, LocalApic.Base + 0x30, 8, 0, out value));
        Assert.Equal(0x0005_0014ul, value);
        Assert.True(_board.Chipset.TryWriteMemory(0, LocalApic.Base + 0x80, 2, 0xFF, 0));
        Assert.Equal(0u, _board.ReadApic(0x80));
    }

    [Fact]
    public void Task_priority_is_CR8()
    {
        _board.WriteApic(0x80, 0x57);
        Assert.Equal(5, _board.Chipset.Processor(0).Apic.TaskPriority);
        _board.Chipset.Processor(0).Apic.TaskPriority = 0xF9;
        Assert.Equal(0x90u, _board.ReadApic(0x80));
    }

    [Fact]
    public void Registers_of_others_are_not_ours()
    {
        Assert.Equal(MsrStatus.NotMine, _board.Chipset.ReadMsr(0, 0x10, 0, out _));
        Assert.Equal(MsrStatus.NotMine, _board.Chipset.WriteMsr(0, 0xC000_0080, 0, 0));
        Assert.Equal(MsrStatus.Fault, _board.Chipset.ReadMsr(0, 0x802, 0, out _));
    }
}
