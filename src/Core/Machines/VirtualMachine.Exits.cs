using System.Runtime.CompilerServices;
using Ember.Core.Console;
using Ember.Core.Devices;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Machines;

/// <content>Where an exit meets a device.</content>
internal unsafe partial struct VirtualMachine<TProcessor>
{
    private const byte InvalidOpcode = 6;
    private const byte GeneralProtection = 13;
    private const byte AlignmentCheck = 17;

    /// <summary>The kinds that come most often, tried one by one: a table of all takes longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MachineStop Handle(in VmExit exit)
    {
        if (exit.Kind == ExitKind.MsrWrite)
        {
            return HandleMsrWrite(in exit);
        }

        if (exit.Kind == ExitKind.PortRead)
        {
            return HandlePortRead(in exit);
        }

        return exit.Kind == ExitKind.Cpuid ? HandleCpuid(in exit) : HandleOther(in exit);
    }

    private MachineStop HandleOther(in VmExit exit)
    {
        switch (exit.Kind)
        {
            case ExitKind.PortWrite:
                return HandlePortWrite(in exit);
            case ExitKind.MsrRead:
                return HandleMsrRead(in exit);
            case ExitKind.Memory:
                return HandleMemory(in exit);
            case ExitKind.HostInterrupt:
                Cpu.TakeInterrupts();
                PassTime();
                return MachineStop.None;
            case ExitKind.InterruptWindow or ExitKind.Resolved:
                return MachineStop.None;
            case ExitKind.Halt:
                return HandleHalt(in exit);
            case ExitKind.SetExtendedControl:
                return HandleSetExtendedControl(in exit);
            case ExitKind.Nothing:
                return Skip(in exit);
            case ExitKind.Undefined:
                _processor.InjectException(InvalidOpcode);
                return MachineStop.None;
            case ExitKind.Protected:
                _processor.InjectException(GeneralProtection, 0);
                return MachineStop.None;
            case ExitKind.Exception:
                ReflectException(exit.Vector);
                return MachineStop.None;
            case ExitKind.Shutdown:
                return MachineStop.TripleFault;
            case ExitKind.InvalidState:
                return MachineStop.InvalidState;
            default:
                return MachineStop.UnknownExit;
        }
    }

    private MachineStop HandleCpuid(in VmExit exit)
    {
        _cpuid.Answer(ref _processor.Registers, _processor.Cr4);
        return Skip(in exit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MachineStop HandlePortRead(in VmExit exit)
    {
        if (exit.IsString)
        {
            return MachineStop.UnknownInstruction;
        }

        ulong now = _timer->Now;
        uint value = _chipset.ReadPort(exit.Port, exit.Size, now);
        ref ulong rax = ref _processor.Registers.Rax;
        rax = exit.Size switch
        {
            1 => (rax & ~0xFFUL) | value,
            2 => (rax & ~0xFFFFUL) | value,
            _ => value,
        };
        _processor.Advance(exit.InstructionLength);
        return MachineStop.None;
    }

    private MachineStop HandlePortWrite(in VmExit exit)
    {
        if (exit.IsString)
        {
            return MachineStop.UnknownInstruction;
        }

        _chipset.WritePort(exit.Port, exit.Size, (uint)_processor.Registers.Rax, _timer->Now);
        _processor.Advance(exit.InstructionLength);
        _console.Drain(ref _chipset.Uart);
        if (_chipset.BootTimer.TryTake(out byte mark, out ulong at))
        {
            _console.ReportBootTimer(mark, at);
        }

        return _chipset.TakeRequest() switch
        {
            ChipsetRequest.PowerOff => MachineStop.PoweredOff,
            ChipsetRequest.Reset => MachineStop.Reset,
            _ => MachineStop.None,
        };
    }

    [LoopBound(LoopBoundAttribute.Waits, "the guest is halted: until its next interrupt there is nothing to do")]
    private MachineStop HandleHalt(in VmExit exit)
    {
        if (!_processor.InterruptsEnabled)
        {
            return MachineStop.HaltedForever;
        }

        MachineStop stop = Skip(in exit);
        while (!_chipset.InterruptPending)
        {
            _timer->Arm(_chipset.NextEvent);
            Cpu.WaitForInterrupt();
            PassTime();
        }

        return stop;
    }

    /// <summary>XSETBV (AMD APM volume 3): XCR0 only, x87 state always, AVX state only with SSE state, nothing not offered.</summary>
    private MachineStop HandleSetExtendedControl(in VmExit exit)
    {
        ref GuestRegisters registers = ref _processor.Registers;
        ulong value = (registers.Rdx << 32) | (uint)registers.Rax;
        bool offered = (uint)registers.Rcx == 0 && (value & ~(ulong)GuestCpuidMasks.ExtendedStates) == 0 && (value & 1) != 0
            && (value & 6) != 4 && !_processor.IsUser;
        if (!offered)
        {
            _processor.InjectException(GeneralProtection, 0);
            return MachineStop.None;
        }

        Cpu.WriteXcr0(value);
        return Skip(in exit);
    }

    private void ReflectException(byte vector)
    {
        if (vector == AlignmentCheck)
        {
            _processor.InjectException(vector, 0);
        }
        else
        {
            _processor.InjectException(vector);
        }
    }

    /// <summary>After the host has taken its interrupts: timers that are due, input that has come.</summary>
    private void PassTime()
    {
        _timer->Disarm();
        ulong now = _timer->Now;
        var directory = new RunningMachine(ref _console, _chipset.Memory.Size, now);
        SystemConsole.Poll(ref directory, now);
        _console.Receive(ref _chipset.Uart);
        _chipset.Advance(now);
    }

    /// <summary>Moves past the instruction that caused the exit, measuring it if the processor does not.</summary>
    private MachineStop Skip(in VmExit exit)
    {
        int length = exit.InstructionLength;
        if (length == 0 && _processor.Mode == OperatingMode.Bits64)
        {
            PagingState paging = _processor.Paging;
            length = InstructionLength.OfCommon(
                _codePage.Read(_processor.InstructionPointer, paging.Cr0, paging.Cr3, paging.Cr4, paging.Efer));
        }

        if (length == 0)
        {
            length = Measure();
        }

        if (length == 0)
        {
            return MachineStop.UnknownInstruction;
        }

        _processor.Advance(length);
        return MachineStop.None;
    }

    /// <summary>The length of the instruction the guest is at, 0 if unknown; and remembers its page if that is of use.</summary>
    private int Measure()
    {
        if (!TryFetch(out InstructionBytes code))
        {
            return 0;
        }

        if (_processor.Mode == OperatingMode.Bits64)
        {
            _codePage.Remember(in _chipset.Memory, _processor.Paging, _processor.InstructionPointer);
        }

        InstructionLength.TryMeasure(code.Span, _processor.Mode, out int length);
        return length;
    }

    private bool TryFetch(out InstructionBytes code) => InstructionFetcher.TryFetch(
        in _chipset.Memory, _processor.Paging, _processor.Mode, _processor.CodeSegmentBase + _processor.InstructionPointer,
        _processor.IsUser, out code, out _);
}
