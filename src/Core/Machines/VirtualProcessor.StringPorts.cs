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
    private const ulong PageOffset = 0xFFF;
    private const int PageBytes = 4096;

    /// <summary>Elements of one exit. A REP that has more to do exits again, so that interrupts get in between as on a processor.</summary>
    private const int MostElements = 64;

    private const int MostBytes = 4;

    [LoopBound(MostElements, "elements")]
    private TurnEnd HandleStringPort(in VmExit exit)
    {
        if (!TryFetch(out InstructionBytes code) || !StringPortAccess.TryDecode(code.Span, _processor.Mode, out StringPortAccess access)
            || access.IsInput != (exit.Kind == ExitKind.PortRead) || access.ElementBytes != exit.Size)
        {
            return Stop(MachineStop.UnknownInstruction, in exit);
        }

        ref ulong count = ref _processor.Registers.Rcx;
        ulong left = access.Repeats ? Part(count, access.AddressBytes) : 1;
        ChipsetRequest request = ChipsetRequest.None;
        for (int i = 0; i < MostElements && left != 0 && request == ChipsetRequest.None; i++)
        {
            if (!TryMoveElement(in access, exit.Port))
            {
                return TurnEnd.None;
            }

            left--;
            if (access.Repeats)
            {
                SetPart(ref count, left, access.AddressBytes);
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
        ulong offset = Part(index, access.AddressBytes);
        if (!TryLocate(access.Segment, offset, size, access.IsInput, out ulong first, out ulong second))
        {
            return false;
        }

        ulong now = _timer->Now;
        if (access.IsInput)
        {
            uint value = _machine->Chipset.ReadPort(_number, port, size, now);
            WriteGuest(first, second, size, value, now);
            if (port == Uart16550.BasePort && _machine->Console.HasInput)
            {
                ReceiveMore();
            }
        }
        else
        {
            _machine->Chipset.WritePort(_number, port, size, ReadGuest(first, second, size, now), now);
        }

        bool isBackward = (_processor.Paging.Rflags & Rflags.Direction) != 0;
        SetPart(ref index, isBackward ? offset - (uint)size : offset + (uint)size, access.AddressBytes);
        return true;
    }

    /// <summary>Translates the address of an element, which may lie in two pages.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="offset">The offset in it.</param>
    /// <param name="size">Bytes, 1 to 4.</param>
    /// <param name="write">Whether it is written.</param>
    /// <param name="first">Guest-physical address of the first byte.</param>
    /// <param name="second">Guest-physical address of the page where those go on that are not in the first's.</param>
    /// <returns>False with the fault injected.</returns>
    private bool TryLocate(SegmentRegister segment, ulong offset, int size, bool write, out ulong first, out ulong second)
    {
        first = 0;
        second = 0;
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

        ulong inPage = PageBytes - (linear & PageOffset);
        return TryTranslate(linear, write, out first) && (inPage >= (ulong)size || TryTranslate(linear + inPage, write, out second));
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

    [LoopBound(MostBytes, "bytes of an element")]
    private uint ReadGuest(ulong first, ulong second, int size, ulong now)
    {
        uint value = 0;
        for (int i = 0; i < size; i++)
        {
            ulong address = AddressOf(i, first, second);
            byte part = _machine->Chipset.Memory.TryRead(address, out byte inMemory) ? inMemory : (byte)Read(address, 1, now);
            value |= (uint)part << (8 * i);
        }

        return value;
    }

    [LoopBound(MostBytes, "bytes of an element")]
    private void WriteGuest(ulong first, ulong second, int size, uint value, ulong now)
    {
        for (int i = 0; i < size; i++)
        {
            ulong address = AddressOf(i, first, second);
            byte part = (byte)(value >> (8 * i));
            if (!_machine->Chipset.Memory.TryWrite(address, part))
            {
                _machine->Chipset.TryWriteMemory(_number, address, 1, part, now);
            }
        }
    }

    private static ulong AddressOf(int index, ulong first, ulong second)
    {
        ulong inPage = PageBytes - (first & PageOffset);
        return (uint)index < inPage ? first + (uint)index : second + (uint)index - inPage;
    }

    private static ulong Part(ulong register, int bytes) => bytes switch
    {
        2 => (ushort)register,
        4 => (uint)register,
        _ => register,
    };

    /// <summary>As instructions do: 32 bits clear the upper half, 16 bits leave the others as they are.</summary>
    private static void SetPart(ref ulong register, ulong value, int bytes) => register = bytes switch
    {
        2 => (register & ~0xFFFFUL) | (ushort)value,
        4 => (uint)value,
        _ => value,
    };
}
