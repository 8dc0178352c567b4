using System.Runtime.CompilerServices;
using Ember.Core.Devices;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Processors;

namespace Ember.Core.Machines;

/// <content>Where an exit meets a device.</content>
internal unsafe partial struct VirtualProcessor<TProcessor>
{
    private const byte InvalidOpcode = 6;
    private const byte GeneralProtection = 13;
    private const byte AlignmentCheck = 17;

    /// <summary>The kinds that come most often, tried one by one: a table of all takes longer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TurnEnd Handle(in VmExit exit)
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

    private TurnEnd HandleOther(in VmExit exit)
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
                return HandleHostInterrupt();
            case ExitKind.InterruptWindow or ExitKind.Resolved:
                return TurnEnd.None;
            case ExitKind.Halt:
                return HandleHalt(in exit);
            case ExitKind.SetExtendedControl:
                return HandleSetExtendedControl(in exit);
            case ExitKind.Nothing:
                return Skip(in exit);
            case ExitKind.Undefined:
                _processor.InjectException(InvalidOpcode);
                return TurnEnd.None;
            case ExitKind.Protected:
                _processor.InjectException(GeneralProtection, 0);
                return TurnEnd.None;
            case ExitKind.Exception:
                ReflectException(exit.Vector);
                return TurnEnd.None;
            case ExitKind.Shutdown:
                return Stop(MachineStop.TripleFault, in exit);
            case ExitKind.InvalidState:
                return Stop(MachineStop.InvalidState, in exit);
            default:
                return Stop(MachineStop.UnknownExit, in exit);
        }
    }

    private TurnEnd HandleCpuid(in VmExit exit)
    {
        if (!_cpuid.TryAnswer(ref _processor.Registers))
        {
            _cpuid.Answer(ref _processor.Registers, _processor.Cr4);
        }

        return Skip(in exit);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TurnEnd HandlePortRead(in VmExit exit)
    {
        if (exit.IsString)
        {
            return HandleStringPort(in exit);
        }

        ulong now = _timer->Now;
        uint value = _machine->Chipset.ReadPort(_number, exit.Port, exit.Size, now);
        ref ulong rax = ref _processor.Registers.Rax;
        rax = exit.Size switch
        {
            1 => (rax & ~0xFFUL) | value,
            2 => (rax & ~0xFFFFUL) | value,
            _ => value,
        };
        _processor.Advance(exit.InstructionLength);
        if (exit.Port == Uart16550.BasePort && _machine->Console.HasInput)
        {
            ReceiveMore();
        }

        return TurnEnd.None;
    }

    /// <summary>A guest that has read a byte has made room for more of what was typed.</summary>
    private void ReceiveMore()
    {
        _machine->ReceiveInput(_number);
        NotifyOthers();
    }

    private TurnEnd HandlePortWrite(in VmExit exit)
    {
        if (exit.IsString)
        {
            return HandleStringPort(in exit);
        }

        _machine->Chipset.WritePort(_number, exit.Port, exit.Size, (uint)_processor.Registers.Rax, _timer->Now);
        _processor.Advance(exit.InstructionLength);
        NotifyOthers();
        return Answer(_machine->FinishPortWrite(_number), in exit);
    }

    private TurnEnd Answer(ChipsetRequest request, in VmExit exit) => request switch
    {
        ChipsetRequest.PowerOff => Stop(MachineStop.PoweredOff, in exit),
        ChipsetRequest.Reset => Stop(MachineStop.Reset, in exit),
        _ => TurnEnd.None,
    };

    private TurnEnd HandleHalt(in VmExit exit)
    {
        Rest(_processor.InterruptsEnabled ? ProcessorActivity.Halted : ProcessorActivity.Deaf);
        if (_machine->IsStopping)
        {
            return TurnEnd.Finished;
        }

        TurnEnd end = Skip(in exit);
        return end == TurnEnd.None ? Awaken() : end;
    }

    /// <summary>What was not the alarm of this virtual processor's own event is for the physical processor's loop to look at.</summary>
    private TurnEnd HandleHostInterrupt()
    {
        Cpu.TakeInterrupts();
        _timer->Disarm();
        ForgetAlarm();
        ulong now = _timer->Now;
        bool isOwn = now >= _devices->NextEvent;
        PassTime(now);
        if (isOwn)
        {
            _noAlarmBefore = now + ShortestPause;
        }

        return isOwn && now < _until ? TurnEnd.None : TurnEnd.Preempted;
    }

    /// <summary>XSETBV (AMD APM volume 3): XCR0 only, x87 state always, AVX state only with SSE state, nothing not offered.</summary>
    private TurnEnd HandleSetExtendedControl(in VmExit exit)
    {
        ref GuestRegisters registers = ref _processor.Registers;
        ulong value = (registers.Rdx << 32) | (uint)registers.Rax;
        bool offered = (uint)registers.Rcx == 0 && (value & ~(ulong)GuestCpuidMasks.ExtendedStates) == 0 && (value & 1) != 0
            && (value & 6) != 4 && !_processor.IsUser;
        if (!offered)
        {
            _processor.InjectException(GeneralProtection, 0);
            return TurnEnd.None;
        }

        _processor.SetExtendedControl(value);
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

    /// <summary>Moves past the instruction that caused the exit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TurnEnd Skip(in VmExit exit)
    {
        if (exit.InstructionLength == 0)
        {
            return SkipUnmeasured(in exit);
        }

        _processor.Advance(exit.InstructionLength);
        return TurnEnd.None;
    }

    /// <summary>The same where the processor does not say how long the instruction is.</summary>
    private TurnEnd SkipUnmeasured(in VmExit exit)
    {
        int length = 0;
        if (_processor.Mode == OperatingMode.Bits64)
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
            return Stop(MachineStop.UnknownInstruction, in exit);
        }

        _processor.Advance(length);
        return TurnEnd.None;
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
            _codePage.Remember(in _machine->Chipset.Memory, _processor.Paging, _processor.InstructionPointer);
        }

        InstructionLength.TryMeasure(code.Span, _processor.Mode, out int length);
        return length;
    }

    private bool TryFetch(out InstructionBytes code) => InstructionFetcher.TryFetch(
        in _machine->Chipset.Memory, _processor.Paging, _processor.Mode, _processor.CodeSegmentBase + _processor.InstructionPointer,
        _processor.IsUser, out code, out _);
}
