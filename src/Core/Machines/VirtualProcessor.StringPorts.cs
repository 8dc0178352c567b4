using Ember.Core.Devices;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Machines;

/// <content>INS and OUTS.</content>
internal unsafe partial struct VirtualProcessor<TProcessor>
{
    private const byte StackFault = 12;

    /// <summary>Elements of one exit. A REP that has more to do exits again, so that interrupts get in between as on a processor.</summary>
    private const int MostElements = 64;

    [LoopBound(MostElements, "elements")]
    private TurnEnd HandleStringPort(in VmExit exit)
    {
        if (!TryFetch(out InstructionBytes code) || !StringPortAccess.TryDecode(code.Span, _processor.Mode, out StringPortAccess access)
            || access.IsInput != (exit.Kind == ExitKind.PortRead) || access.ElementBytes != exit.Size)
        {
            return Stop(MachineStop.UnknownInstruction, in exit);
        }

        ref ulong count = ref _processor.Registers.Rcx;
        ulong left = access.Repeats ? GuestRegisters.Part(count, access.AddressBytes) : 1;
        ChipsetRequest request = ChipsetRequest.None;
        for (int i = 0; i < MostElements && left != 0 && request == ChipsetRequest.None; i++)
        {
            if (!TryMoveElement(in access, exit.Port))
            {
                NotifyOthers();
                return TurnEnd.None;
            }

            left--;
            if (access.Repeats)
            {
                GuestRegisters.SetPart(ref count, left, access.AddressBytes);
            }

            request = _machine->FinishPortWrite(_number);
        }

        if (left == 0)
        {
            _processor.Advance(access.Length);
        }

        NotifyOthers();
        return Answer(request, in exit);
    }

    /// <summary>Moves one element and its index register; false with the fault injected and nothing done if it cannot.</summary>
    private bool TryMoveElement(in StringPortAccess access, ushort port)
    {
        ref ulong index = ref access.IsInput ? ref _processor.Registers.Rdi : ref _processor.Registers.Rsi;
        int size = access.ElementBytes;
        ulong offset = GuestRegisters.Part(index, access.AddressBytes);
        if (!TryLocate(access.Segment, offset, size, access.IsInput, out GuestElement element))
        {
            return false;
        }

        ulong now = _timer->Now;
        if (access.IsInput)
        {
            element.Write(ref _machine->Chipset, _number, _machine->Chipset.ReadPort(_number, port, size, now), now);
            if (port == Uart16550.BasePort && _machine->Console.HasInput)
            {
                ReceiveMore();
            }
        }
        else
        {
            _machine->Chipset.WritePort(_number, port, size, (uint)element.Read(ref _machine->Chipset, _number, now), now);
        }

        Step(ref index, size, access.AddressBytes);
        return true;
    }

    /// <summary>Moves an index register on by an element.</summary>
    private void Step(ref ulong index, int size, int addressBytes)
    {
        bool isBackward = (_processor.Flags & Rflags.Direction) != 0;
        ulong offset = GuestRegisters.Part(index, addressBytes);
        GuestRegisters.SetPart(ref index, isBackward ? offset - (uint)size : offset + (uint)size, addressBytes);
    }

    /// <summary>Translates the address of an element, which may lie in two pages.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">The offset in it.</param>
    /// <param name="size">Bytes, 1 to 8.</param>
    /// <param name="write">Whether it is written.</param>
    /// <param name="element">Where it is.</param>
    /// <returns>False with the fault injected.</returns>
    private bool TryLocate(SegmentRegister segment, ulong offset, int size, bool write, out GuestElement element)
    {
        element = new GuestElement { Size = size };
        SegmentState state = _processor.Segment(segment);
        ulong linear;
        if (_processor.Mode == OperatingMode.Bits64)
        {
            linear = segment >= SegmentRegister.Fs ? state.Base + offset : offset;
        }
        else if (state.Allows(offset, size, write))
        {
            linear = (uint)(state.Base + offset);
        }
        else
        {
            _processor.InjectException(segment == SegmentRegister.Ss ? StackFault : GeneralProtection, 0);
            return false;
        }

        ulong inPage = GuestElement.BytesInPage(linear);
        return TryTranslate(linear, write, out element.First)
            && (inPage >= (ulong)size || TryTranslate(linear + inPage, write, out element.Second));
    }

    private bool TryTranslate(ulong linear, bool write, out ulong physical)
    {
        PageAccess access = (write ? PageAccess.Write : PageAccess.Read) | (_processor.IsUser ? PageAccess.User : PageAccess.Read);
        if (_processor.Mode != OperatingMode.Bits64)
        {
            linear = (uint)linear;
        }

        if (GuestPageWalker.TryTranslate(
            in _machine->Chipset.Memory, _processor.Paging, linear, access, out physical, out uint errorCode))
        {
            return true;
        }

        if (errorCode == GuestPageWalker.NotCanonical)
        {
            _processor.InjectException(GeneralProtection, 0);
        }
        else
        {
            _processor.InjectPageFault(linear, errorCode);
        }

        return false;
    }
}
