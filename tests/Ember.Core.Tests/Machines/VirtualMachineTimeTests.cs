using System;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Machines;

/// <summary>Sleeping, alarms and interrupts.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class VirtualMachineTimeTests : IDisposable
{
    private const uint X2ApicEnable = 0xFEE0_0D00;
    private const uint ApicBase = 0x1B;
    private const uint SpuriousVector = 0x80F;
    private const uint TimerVector = 0x832;
    private const uint TscDeadline = 0x6E0;
    private const uint TimerInitialCount = 0x838;
    private const uint TimerDivide = 0x83E;
    private const uint PeriodicMode = 0x2_0000;
    private const uint DeadlineMode = 0x4_0000;

    private readonly MachineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_halted_guest_sleeps_until_its_timer_and_gets_the_interrupt()
    {
        ulong deadline = _bench.Hardware.TimeStampCounter + 5_000_000;
        int sleeps = 0;
        _bench.Hardware.Sleeping = () =>
        {
            sleeps++;
            Assert.InRange(_bench.AlarmCount, 4_999_000u, 5_001_000u);
            _bench.Hardware.TimeStampCounter = deadline;
        };
        ArmDeadline(deadline, vector: 0x31);
        _bench.Then((ref FakeProcessor p) =>
        {
            p.InterruptsEnabled = true;
            return new VmExit { Kind = ExitKind.Halt, InstructionLength = 1 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["interrupt 49"], FakeProcessor.Events);
            Assert.Equal(MachineBench.CodeAddress + 11, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Equal(1, sleeps);
    }

    [Fact]
    public void A_guest_with_interrupts_off_is_watched_for_when_it_can_take_one()
    {
        ulong deadline = _bench.Hardware.TimeStampCounter + 1000;
        ArmDeadline(deadline, vector: 0x31);
        _bench.Then((ref FakeProcessor p) =>
        {
            _bench.Hardware.TimeStampCounter = deadline;
            return new VmExit { Kind = ExitKind.HostInterrupt };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["window"], FakeProcessor.Events);
            p.InterruptsEnabled = true;
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["window", "interrupt 49"], FakeProcessor.Events);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Equal(1, _bench.Hardware.InterruptsTaken);
    }

    [Fact]
    public void An_alarm_that_goes_off_early_is_set_again()
    {
        ulong deadline = _bench.Hardware.TimeStampCounter + 1_000_000;
        ArmDeadline(deadline, vector: 0x31);
        _bench.Then((ref FakeProcessor p) =>
        {
            _bench.Hardware.TimeStampCounter = deadline - 1000;
            return new VmExit { Kind = ExitKind.HostInterrupt };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.InRange(_bench.AlarmCount, 999u, 1002u);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Empty(FakeProcessor.Events);
    }

    [Fact]
    public void A_timer_quicker_than_an_exit_leaves_the_guest_time_to_stop_it()
    {
        WriteMsr(ApicBase, X2ApicEnable);
        WriteMsr(SpuriousVector, 0x1FF);
        WriteMsr(TimerVector, PeriodicMode | 0x31);
        WriteMsr(TimerDivide, 0b1011);
        WriteMsr(TimerInitialCount, 1000);
        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.InRange(_bench.AlarmCount, 1u, 1001u);
            _bench.Hardware.TimeStampCounter += 1000;
            return new VmExit { Kind = ExitKind.HostInterrupt };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.InRange(_bench.AlarmCount, 19_000u, 20_001u);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Fact]
    public void What_is_typed_reaches_the_guests_uart_in_order_and_nothing_is_lost()
    {
        Step(0x3FA, 0x07); // FIFOs on, and emptied
        _bench.Then((ref FakeProcessor p) =>
        {
            for (int i = 0; i < 40; i++)
            {
                _bench.Hardware.Input.Enqueue((byte)(0x41 + i));
            }

            return new VmExit { Kind = ExitKind.InterruptWindow };
        });
        for (int i = 0; i < 40; i++)
        {
            byte expected = (byte)(0x41 + i);
            _bench.Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.HostInterrupt })
                .Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.PortRead, Port = 0x3F8, Size = 1, InstructionLength = 1 })
                .Then((ref FakeProcessor p) =>
                {
                    Assert.Equal(expected, (byte)p.Registers.Rax);
                    return new VmExit { Kind = ExitKind.InterruptWindow };
                });
        }

        _bench.Run();
    }

    private void Step(ushort port, byte value) => _bench.Then((ref FakeProcessor p) =>
    {
        p.Registers.Rax = value;
        return new VmExit { Kind = ExitKind.PortWrite, Port = port, Size = 1, InstructionLength = 1 };
    });

    private void WriteMsr(uint index, ulong value) => _bench.Then((ref FakeProcessor p) =>
    {
        p.Registers.Rcx = index;
        p.Registers.Rax = (uint)value;
        p.Registers.Rdx = value >> 32;
        return new VmExit { Kind = ExitKind.MsrWrite, InstructionLength = 2 };
    });

    /// <summary>Five WRMSR of two bytes each.</summary>
    private void ArmDeadline(ulong deadline, byte vector)
    {
        WriteMsr(ApicBase, X2ApicEnable);
        WriteMsr(SpuriousVector, 0x1FF);
        WriteMsr(TimerVector, DeadlineMode | vector);
        WriteMsr(TimerVector, DeadlineMode | vector);
        WriteMsr(TscDeadline, deadline);
    }
}
