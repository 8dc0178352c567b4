using System.Runtime.CompilerServices;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <content>Entries, exits and what goes into a guest between them.</content>
internal unsafe partial struct VmxProcessor
{
    /// <summary>Interruption information (Intel SDM volume 3, sections 24.8.3 and 24.9.2): vector 7:0, type 10:8, error code 11,
    /// valid 31.</summary>
    private const ulong EventValid = 1UL << 31;
    private const ulong ErrorCodeValid = 1UL << 11;
    private const ulong ExceptionType = 3UL << 8;
    private const ulong NmiType = 2UL << 8;
    private const byte NonMaskableVector = 2;
    private const ulong SoftwareType = 4UL << 8;
    private const ulong TypeMask = 7UL << 8;

    /// <summary>Bit 12 says something else in each of the fields that hold an event.</summary>
    private const ulong EventMask = 0x8000_0FFF;

    private const ulong AlwaysOneInDr6 = 0xFFFF_0FF0;
    private const ulong DebugConditions = 0x600F;
    private const ulong GeneralDetect = 1 << 13;
    private const uint RefusedEntry = 0xF00;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(out VmExit exit)
    {
        // What an exit of another kind would tell is not cleared: nobody reads it.
        Unsafe.SkipInit(out exit);
        if (_event != 0)
        {
            WriteEvent();
        }

        if (_stackPointerKnown)
        {
            WriteStackPointer();
        }

        if (!Enter())
        {
            exit.Kind = ExitKind.InvalidState;
            exit.Code = RefusedEntry | Vmcs.Read(VmcsField.InstructionError);
            return;
        }

        uint reason = (uint)_registers.ExitReason;
        ExitKind kind = VmxExitReason.KindOf(reason);
        exit.Code = reason;
        exit.Kind = kind;
        exit.InstructionLength = (byte)_registers.ExitLength;
        if (kind >= ExitKind.FirstDetailed)
        {
            AddDetails(ref exit);
        }
    }

    /// <summary>Moves on from where the last exit was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Advance(int length)
    {
        Vmcs.Write(VmcsField.GuestRip, _registers.ExitRip + (uint)length);
        if ((_registers.ExitInterruptibility & InterruptShadow) != 0)
        {
            EndShadow();
        }
    }

    private static void EndShadow() =>
        Vmcs.Write(VmcsField.GuestInterruptibility, Vmcs.Read(VmcsField.GuestInterruptibility) & ~InterruptShadow);

    /// <returns>Whether the guest ran.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Enter()
    {
        void* registers = Unsafe.AsPointer(ref _registers);
        return _launched ? Cpu.VmxResume(registers, (uint)_guards) == 0 : Launch(registers);
    }

    private bool Launch(void* registers)
    {
        _launched = Cpu.VmxLaunch(registers, (uint)_guards) == 0;
        return _launched;
    }

    public void InjectInterrupt(byte vector) => _event = EventValid | vector;

    public void InjectException(byte vector) => _event = EventValid | ExceptionType | vector;

    public void InjectException(byte vector, uint errorCode)
    {
        _event = EventValid | ErrorCodeValid | ExceptionType | vector;
        _eventErrorCode = errorCode;
    }

    public void InjectPageFault(ulong address, uint errorCode)
    {
        Cpu.WriteCr2(address);
        InjectException(PageFault, errorCode);
    }

    public void InjectNonMaskable() => _event = EventValid | NmiType | NonMaskableVector;

    public void RequestNonMaskableWindow() => SetPrimaryControls(_primaryControls | (uint)PrimaryControls.NmiWindowExiting);

    public void RequestInterruptWindow() => SetPrimaryControls(_primaryControls | (uint)PrimaryControls.InterruptWindowExiting);

    private void WriteStackPointer()
    {
        Vmcs.Write(VmcsField.GuestRsp, _registers.Rsp);
        _stackPointerKnown = false;
    }

    private void SetPrimaryControls(ulong controls)
    {
        if (controls != _primaryControls)
        {
            _primaryControls = controls;
            Vmcs.Write(VmcsField.PrimaryControls, controls);
        }
    }

    private void WriteEvent()
    {
        if ((_event & ErrorCodeValid) != 0)
        {
            Vmcs.Write(VmcsField.EntryExceptionErrorCode, _eventErrorCode);
        }

        if ((_event & TypeMask) >= SoftwareType)
        {
            Vmcs.Write(VmcsField.EntryInstructionLength, _eventLength);
        }

        Vmcs.Write(VmcsField.EntryInterruptionInformation, _event);
        _event = 0;
    }

    private void AddDetails(ref VmExit exit)
    {
        switch (exit.Kind)
        {
            case ExitKind.Resolved:
                ResolveControlRegister(ref exit);
                break;
            case ExitKind.PortRead:
                ClassifyPort(ref exit);
                break;
            case ExitKind.Memory:
                const ulong WriteAccess = 2;
                exit.IsWrite = (Vmcs.Read(VmcsField.ExitQualification) & WriteAccess) != 0;
                exit.Address = Vmcs.Read(VmcsField.GuestPhysicalAddress);
                KeepInterruptedEvent(exit.InstructionLength);
                BlockAgain(Vmcs.Read(VmcsField.ExitQualification));
                break;
            case ExitKind.InterruptWindow:
                SetPrimaryControls(
                    _primaryControls & ~(ulong)(PrimaryControls.InterruptWindowExiting | PrimaryControls.NmiWindowExiting));
                break;
            case ExitKind.Exception:
                TakeException(ref exit);
                break;
        }
    }

    /// <summary>Qualification of I/O (section 27.2.1, table 27-5): bits 2:0 size less 1, bit 3 input, bit 4 string, bits 31:16 port.</summary>
    private static void ClassifyPort(ref VmExit exit)
    {
        ulong qualification = Vmcs.Read(VmcsField.ExitQualification);
        exit.Kind = (qualification & 8) != 0 ? ExitKind.PortRead : ExitKind.PortWrite;
        exit.IsString = (qualification & 0x10) != 0;
        exit.Size = (byte)((qualification & 7) + 1);
        exit.Port = (ushort)(qualification >> 16);
    }

    /// <summary>
    /// Only a write that changes a bit the host owns exits. In CR0 the guest gets what it wrote to see, and does the same write again:
    /// now nothing owned changes, and the processor itself does the rest. In CR4 it is the bit of VMX, which the guest does not have.
    /// Qualification (section 27.2.1, table 27-3): bits 3:0 register, bits 11:8 general register.
    /// </summary>
    private void ResolveControlRegister(ref VmExit exit)
    {
        ulong qualification = Vmcs.Read(VmcsField.ExitQualification);
        if ((qualification & 0xF) != 0)
        {
            exit.Kind = ExitKind.Protected;
            return;
        }

        const int StackPointerNumber = 4;
        int number = (int)(qualification >> 8) & 0xF;
        ulong value = number == StackPointerNumber ? StackPointer : _registers[number];
        Vmcs.Write(VmcsField.Cr0ReadShadow, value);
    }

    /// <summary>
    /// An exit leaves DR6 and DR7 as they were (section 27.1), unlike the exception. An NMI is the host's.
    /// </summary>
    private void TakeException(ref VmExit exit)
    {
        ulong information = Vmcs.Read(VmcsField.ExitInterruptionInformation);
        exit.Vector = (byte)information;
        if ((information & TypeMask) == NmiType)
        {
            Cpu.TakeNonMaskableInterrupt();
            exit.Kind = ExitKind.Resolved;
        }
        else if (exit.Vector == DebugException)
        {
            Cpu.WriteDr6(AlwaysOneInDr6 | (Vmcs.Read(VmcsField.ExitQualification) & DebugConditions));
            Vmcs.Write(VmcsField.GuestDr7, Vmcs.Read(VmcsField.GuestDr7) & ~GeneralDetect);

            // With a shadow and the trap flag the entry would ask for a pending trap besides (section 26.3.1.5).
            Vmcs.Write(VmcsField.GuestInterruptibility, Vmcs.Read(VmcsField.GuestInterruptibility) & ~InterruptShadow);
        }

        KeepInterruptedEvent(exit.InstructionLength);
        BlockAgain(information);
    }

    /// <summary>An IRET that did not come to its end has let NMIs in all the same: bit 12 says so (section 27.2.3).</summary>
    private static void BlockAgain(ulong information)
    {
        const ulong UnblockedByReturn = 1 << 12;
        if ((information & UnblockedByReturn) != 0 && (Vmcs.Read(VmcsField.IdtVectoringInformation) & EventValid) == 0)
        {
            Vmcs.Write(VmcsField.GuestInterruptibility, Vmcs.Read(VmcsField.GuestInterruptibility) | NonMaskableBlocked);
        }
    }

    /// <summary>An event whose delivery was cut short by this exit is delivered again at the next entry.</summary>
    private void KeepInterruptedEvent(uint length)
    {
        ulong interrupted = Vmcs.Read(VmcsField.IdtVectoringInformation);
        if ((interrupted & EventValid) != 0)
        {
            _event = interrupted & EventMask;
            _eventErrorCode = (uint)Vmcs.Read(VmcsField.IdtVectoringErrorCode);
            _eventLength = length;
            if ((interrupted & TypeMask) == NmiType)
            {
                // The processor blocks the next one since it began with this one, which is to come once more (section 26.3.1.5).
                Vmcs.Write(VmcsField.GuestInterruptibility, Vmcs.Read(VmcsField.GuestInterruptibility) & ~NonMaskableBlocked);
            }
        }
    }
}
