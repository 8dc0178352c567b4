using System;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Machines;

/// <summary>Interrupts that wait for one another, and the task priority, which the guest sets with and without an exit.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class VirtualMachinePriorityTests : IDisposable
{
    private const uint ApicBase = 0x1B;
    private const uint TaskPriority = 0x808;
    private const uint EndOfInterrupt = 0x80B;
    private const uint SpuriousVector = 0x80F;
    private const uint SelfInterrupt = 0x83F;

    private readonly MachineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void The_end_of_an_interrupt_lets_in_the_one_that_waited()
    {
        EnterExtendedMode();
        WriteMsr(SelfInterrupt, 0x51);
        WriteMsr(SelfInterrupt, 0x41);
        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["interrupt 81"], FakeProcessor.Events);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        });
        WriteMsr(EndOfInterrupt, 0);
        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["interrupt 81", "interrupt 65"], FakeProcessor.Events);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Theory]
    [InlineData(1ul, true)]
    [InlineData(1ul << 32, true)]
    [InlineData(0ul, false)]
    public void An_end_of_interrupt_that_is_not_0_or_not_in_x2APIC_mode_is_refused(ulong value, bool extended)
    {
        if (extended)
        {
            EnterExtendedMode();
        }

        WriteMsr(EndOfInterrupt, value);
        _bench.Run();
        Assert.Equal(["exception 13 error 0"], FakeProcessor.Events);
    }

    [Fact]
    public void A_priority_written_to_the_register_is_the_processors()
    {
        EnterExtendedMode();
        WriteMsr(TaskPriority, 0x57);
        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.Equal(5, p.TaskPriority);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    [Fact]
    public void A_priority_written_to_the_window_is_the_processors() =>
        _bench.WithCode(0x89, 0x01).Then((ref FakeProcessor p) => // mov [rcx], eax
        {
            p.Registers.Rax = 0x57;
            return new VmExit { Kind = ExitKind.Memory, Address = 0xFEE0_0080 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(5, p.TaskPriority);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();

    [Fact]
    public void A_priority_set_without_an_exit_holds_interrupts_back_until_it_falls()
    {
        EnterExtendedMode();
        WriteMsr(TaskPriority, 0x10);
        _bench.Then((ref FakeProcessor p) =>
        {
            p.TaskPriority = 6;
            return new VmExit { Kind = ExitKind.InterruptWindow };
        });
        WriteMsr(SelfInterrupt, 0x61);
        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.Empty(FakeProcessor.Events);
            p.Registers.Rcx = TaskPriority;
            return new VmExit { Kind = ExitKind.MsrRead, InstructionLength = 2 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(0x60ul, p.Registers.Rax);
            p.TaskPriority = 5;
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(["interrupt 97"], FakeProcessor.Events);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
    }

    /// <summary>x2APIC mode, software-enabled, interrupts let in from then on.</summary>
    private void EnterExtendedMode()
    {
        WriteMsr(ApicBase, 0xFEE0_0D00);
        WriteMsr(SpuriousVector, 0x1FF);
    }

    private void WriteMsr(uint index, ulong value) => _bench.Then((ref FakeProcessor p) =>
    {
        p.InterruptsEnabled = true;
        p.Registers.Rcx = index;
        p.Registers.Rax = (uint)value;
        p.Registers.Rdx = value >> 32;
        return new VmExit { Kind = ExitKind.MsrWrite, InstructionLength = 2 };
    });
}
