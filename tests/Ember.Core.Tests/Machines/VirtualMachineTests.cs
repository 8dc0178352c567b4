using System;
using Ember.Core.Devices;
using Ember.Core.Machines;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Machines;

/// <summary>What each exit does to the guest, the devices and the console.</summary>
[Collection(SystemConsoleCollection.Name)]
public sealed class VirtualMachineTests : IDisposable
{
    private readonly MachineBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Cpuid_answers_and_moves_past_the_instruction_it_measured()
    {
        Assert.Equal(MachineStop.PoweredOff, _bench.WithCode(0x66, 0x0F, 0xA2).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = 0xFFFF_FFFF_4000_0000;
            return new VmExit { Kind = ExitKind.Cpuid };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(0x4000_0010ul, p.Registers.Rax);
            Assert.Equal(0x4B4D_564Bul, p.Registers.Rbx);
            Assert.Equal(MachineBench.CodeAddress + 3, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run());
    }

    [Fact]
    public void A_length_the_processor_gives_is_taken() =>
        _bench.Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Cpuid, InstructionLength = 5 }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(MachineBench.CodeAddress + 5, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();

    [Fact]
    public void An_instruction_that_cannot_be_measured_stops_the_machine_with_a_line()
    {
        Assert.Equal(
            MachineStop.UnknownInstruction,
            _bench.WithCode(0x90).Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Cpuid }).Run());
        Assert.Contains("ember: vm test: stopped: ", _bench.Hardware.Serial, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "write")]
    [InlineData(false, "read")]
    public void An_unknown_msr_gives_general_protection_and_a_line(bool isWrite, string word)
    {
        _bench.WithCode(0x0F, 0x30).Then((ref FakeProcessor p) =>
        {
            p.Registers.Rcx = 0xDEAD;
            return new VmExit { Kind = isWrite ? ExitKind.MsrWrite : ExitKind.MsrRead };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(MachineBench.CodeAddress, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Equal(["exception 13 error 0"], FakeProcessor.Events);
        Assert.Contains($"ember: vm test: {word} of MSR 0x0000dead refused", _bench.Hardware.Serial, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_register_guests_are_known_to_look_for_is_refused_without_a_line()
    {
        _bench.Then((ref FakeProcessor p) =>
        {
            p.Registers.Rcx = ModelSpecificRegister.PerformanceEventSelect0;
            return new VmExit { Kind = ExitKind.MsrRead };
        }).Run();
        Assert.Equal(["exception 13 error 0"], FakeProcessor.Events);
        Assert.DoesNotContain("refused", _bench.Hardware.Serial, StringComparison.Ordinal);
    }

    [Fact]
    public void A_guest_that_probes_without_end_does_not_fill_the_console()
    {
        for (int i = 0; i < 100; i++)
        {
            _bench.Then((ref FakeProcessor p) =>
            {
                p.Registers.Rcx = 0xDEAD;
                return new VmExit { Kind = ExitKind.MsrRead };
            });
        }

        _bench.Run();
        Assert.Equal(8, _bench.Hardware.Serial.Split("refused").Length - 1);
        Assert.Contains("further ones are not shown", _bench.Hardware.Serial, StringComparison.Ordinal);
        Assert.Equal(100, FakeProcessor.Events.Count);
    }

    [Theory]
    [InlineData(0xD01ul, true)] // SCE, LME, LMA, NXE: as Linux runs
    [InlineData(0x1D01ul, false)] // SVME
    [InlineData(0xC01ul, false)] // LME cannot go while paging is on
    [InlineData(0x8D01ul, false)] // reserved
    public void Efer_takes_what_this_processor_has(ulong value, bool taken)
    {
        _bench.WithCode(0x0F, 0x30).Then((ref FakeProcessor p) =>
        {
            p.Efer = Efer.LongModeEnable | Efer.LongModeActive;
            p.Paging = new PagingState { Cr0 = Cr0.Paging };
            p.Registers.Rcx = ModelSpecificRegister.Efer;
            p.Registers.Rax = value;
            return new VmExit { Kind = ExitKind.MsrWrite, InstructionLength = 2 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(taken ? value : Efer.LongModeEnable | Efer.LongModeActive, p.Efer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        });
        _bench.Run();
    }

    [Theory]
    [InlineData(0x0007_0406_0007_0106ul, true)]
    [InlineData(0x0207_0406_0007_0106ul, false)]
    [InlineData(0x0807_0406_0007_0106ul, false)]
    public void The_page_attribute_table_holds_defined_types_only(ulong value, bool taken)
    {
        _bench.Then((ref FakeProcessor p) =>
        {
            p.Registers.Rcx = ModelSpecificRegister.PageAttributeTable;
            p.Registers.Rax = (uint)value;
            p.Registers.Rdx = value >> 32;
            return new VmExit { Kind = ExitKind.MsrWrite, InstructionLength = 2 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(taken ? value : 0, p.PageAttributeTable);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Equal(taken ? 0 : 1, FakeProcessor.Events.Count);
    }

    [Fact]
    public void A_constant_register_reads_its_value_and_ignores_writes()
    {
        foreach (ExitKind kind in (ExitKind[])[ExitKind.MsrWrite, ExitKind.MsrRead])
        {
            _bench.Then((ref FakeProcessor p) =>
            {
                p.Registers.Rcx = ModelSpecificRegister.DecodeConfiguration;
                p.Registers.Rax = 0x55;
                p.Registers.Rdx = 0x55;
                return new VmExit { Kind = kind, InstructionLength = 2 };
            });
        }

        _bench.Then((ref FakeProcessor p) =>
        {
            Assert.Equal(2ul, p.Registers.Rax);
            Assert.Equal(0ul, p.Registers.Rdx);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();
        Assert.Empty(FakeProcessor.Events);
    }

    [Theory]
    [InlineData(1, 0x1122_3344_5566_77FFul)]
    [InlineData(2, 0x1122_3344_5566_FFFFul)]
    [InlineData(4, 0x0000_0000_FFFF_FFFFul)]
    public void A_port_read_changes_as_much_of_rax_as_it_is_wide(byte size, ulong expected) =>
        _bench.Then((ref FakeProcessor p) =>
        {
            p.Registers.Rax = 0x1122_3344_5566_7788;
            return new VmExit { Kind = ExitKind.PortRead, Port = 0x5678, Size = size, InstructionLength = 1 };
        }).Then((ref FakeProcessor p) =>
        {
            Assert.Equal(expected, p.Registers.Rax);
            Assert.Equal(MachineBench.CodeAddress + 1, p.InstructionPointer);
            return new VmExit { Kind = ExitKind.InterruptWindow };
        }).Run();

    [Fact]
    public void What_the_guest_writes_to_its_uart_appears_and_a_line_of_the_core_starts_afresh()
    {
        foreach (char character in "login:")
        {
            _bench.Then((ref FakeProcessor p) =>
            {
                p.Registers.Rax = character;
                return new VmExit { Kind = ExitKind.PortWrite, Port = 0x3F8, Size = 1, InstructionLength = 1 };
            });
        }

        _bench.Run();
        Assert.Equal("login:\r\nember: vm test powered off\r\n", _bench.Hardware.Serial);
    }

    [Fact]
    public void The_boot_timer_port_logs_the_time_since_the_start()
    {
        _bench.Then((ref FakeProcessor p) =>
        {
            _bench.Hardware.TimeStampCounter += 2_345_000_000;
            p.Registers.Rax = 7;
            return new VmExit { Kind = ExitKind.PortWrite, Port = BootTimer.Port, Size = 1, InstructionLength = 1 };
        }).Run();
        Assert.Contains("ember: vm test: boot timer 7 at 2.345 s\r\n", _bench.Hardware.Serial, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExitKind.Shutdown, MachineStop.TripleFault, "triple fault")]
    [InlineData(ExitKind.InvalidState, MachineStop.InvalidState, "refused its state")]
    [InlineData(ExitKind.Unknown, MachineStop.UnknownExit, "unknown exit")]
    internal void What_cannot_go_on_stops_with_a_line_that_says_why(ExitKind kind, MachineStop stop, string words)
    {
        Assert.Equal(stop, _bench.Then((ref FakeProcessor p) => new VmExit { Kind = kind, Code = 0x7F }).Run());
        Assert.Contains($"ember: vm test: stopped: ", _bench.Hardware.Serial, StringComparison.Ordinal);
        Assert.Contains(words, _bench.Hardware.Serial, StringComparison.Ordinal);
        Assert.Contains("0x07f at 0x0000000000001000", _bench.Hardware.Serial, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Halted_with_interrupts_off_it_stops_with_a_line()
    {
        Assert.Equal(
            MachineStop.HaltedForever,
            _bench.Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Halt, InstructionLength = 1 }).Run());
        Assert.EndsWith(
            "ember: vm test: stopped: halted with interrupts off\r\n", _bench.Hardware.Serial, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reset_by_the_guest_stops_it() => Assert.Equal(MachineStop.Reset, _bench.Then((ref FakeProcessor p) =>
    {
        p.Registers.Rax = AcpiPower.ResetValue;
        return new VmExit { Kind = ExitKind.PortWrite, Port = AcpiPower.ResetPort, Size = 1, InstructionLength = 1 };
    }).Run());

    [Fact]
    public void Instructions_this_processor_does_not_have_give_their_faults()
    {
        _bench.Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Undefined })
            .Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Protected })
            .Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Exception, Vector = 1 })
            .Then((ref FakeProcessor p) => new VmExit { Kind = ExitKind.Exception, Vector = 17 }).Run();
        Assert.Equal(["exception 6", "exception 13 error 0", "exception 1", "exception 17 error 0"], FakeProcessor.Events);
    }

    [Theory]
    [InlineData(0ul, 1ul, false, true)]
    [InlineData(0ul, 3ul, false, true)]
    [InlineData(0ul, 7ul, false, true)]
    [InlineData(0ul, 0ul, false, false)] // x87 state is not optional
    [InlineData(0ul, 5ul, false, false)] // AVX without SSE
    [InlineData(0ul, 0x207ul, false, false)] // not offered
    [InlineData(1ul, 7ul, false, false)] // XCR1
    [InlineData(0ul, 7ul, true, false)] // user mode
    public void Xsetbv_takes_what_was_offered(ulong register, ulong value, bool user, bool taken)
    {
        ulong set = 0;
        _bench.Then((ref FakeProcessor p) =>
        {
            p.IsUser = user;
            p.Registers.Rcx = register;
            p.Registers.Rax = value;
            return new VmExit { Kind = ExitKind.SetExtendedControl, InstructionLength = 3 };
        }).Then((ref FakeProcessor p) =>
        {
            set = p.ExtendedControl;
            return new VmExit { Kind = ExitKind.HostInterrupt };
        }).Run();
        Assert.Equal(taken ? value : 0, set);
        Assert.Equal(taken ? [] : ["exception 13 error 0"], FakeProcessor.Events);
    }
}
