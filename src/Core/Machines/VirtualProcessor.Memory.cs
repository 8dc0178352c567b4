using System.Diagnostics.CodeAnalysis;
using Ember.Core.Scheduling;
using Ember.Core.Virtualization;
using Ember.Core.Virtualization.Decoding;

namespace Ember.Core.Machines;

/// <content>Accesses to guest-physical memory that is not RAM.</content>
internal unsafe partial struct VirtualProcessor<TProcessor>
{
    private TurnEnd HandleMemory(in VmExit exit)
    {
        if (!TryFetch(out InstructionBytes code) || !MemoryAccessDecoder.TryDecode(code.Span, _processor.Mode, out MemoryAccess access))
        {
            return Stop(MachineStop.UnknownInstruction, in exit);
        }

        ulong now = _timer->Now;
        switch (access.Operation)
        {
            case MemoryOperation.Load:
                WriteRegister(in access, Read(exit.Address, access.MemoryBytes, now));
                break;
            case MemoryOperation.Store:
                _machine->Chipset.TryWriteMemory(_number, exit.Address, access.MemoryBytes, ReadRegister(in access), now);
                break;
            case MemoryOperation.Exchange:
                ulong previous = Read(exit.Address, access.MemoryBytes, now);
                _machine->Chipset.TryWriteMemory(_number, exit.Address, access.MemoryBytes, ReadRegister(in access), now);
                WriteRegister(in access, previous);
                break;
            case >= MemoryOperation.LoadString:
                return HandleMemoryString(in exit, in access, now);
            default:
                Compute(in access, exit.Address, now);
                break;
        }

        return FinishMemory(access.Length);
    }

    private TurnEnd FinishMemory(int length)
    {
        PassPriority();
        NotifyOthers();
        if (length != 0)
        {
            _processor.Advance(length);
        }

        return TurnEnd.None;
    }

    /// <summary>Arithmetic with a device's register as one operand.</summary>
    private void Compute(in MemoryAccess access, ulong address, ulong now)
    {
        bool toRegister = (access.Flags & MemoryAccessFlags.RegisterIsDestination) != 0;
        ulong memory = Read(address, access.MemoryBytes, now);
        ulong register = ReadRegister(in access);
        ulong flags = _processor.Flags;
        ulong result = MemoryArithmetic.Compute(
            access.Operation, toRegister ? register : memory, toRegister ? memory : register, access.MemoryBytes, ref flags);
        _processor.Flags = flags;
        if (access.Operation >= MemoryOperation.Compare)
        {
            return;
        }

        if (toRegister)
        {
            WriteRegister(in access, result);
        }
        else
        {
            _machine->Chipset.TryWriteMemory(_number, address, access.MemoryBytes, result, now);
        }
    }

    /// <summary>LODS, STOS and MOVS, one element an exit. Of a move the other side is where the registers say.</summary>
    private TurnEnd HandleMemoryString(in VmExit exit, in MemoryAccess access, ulong now)
    {
        int size = access.MemoryBytes;
        int width = access.Operand.AddressBytes;
        ref ulong source = ref _processor.Registers.Rsi;
        ref ulong destination = ref _processor.Registers.Rdi;
        ulong value;
        if (access.Operation == MemoryOperation.StoreString)
        {
            value = ReadRegister(in access);
        }
        else if (access.Operation == MemoryOperation.MoveString && exit.IsWrite)
        {
            if (!TryLocate(access.Operand.Segment, GuestRegisters.Part(source, width), size, false, out GuestElement element))
            {
                return TurnEnd.None;
            }

            value = element.Read(ref _machine->Chipset, _number, now);
        }
        else
        {
            value = Read(exit.Address, size, now);
        }

        if (access.Operation == MemoryOperation.LoadString)
        {
            WriteRegister(in access, value);
        }
        else if (access.Operation == MemoryOperation.MoveString && !exit.IsWrite)
        {
            if (!TryLocate(SegmentRegister.Es, GuestRegisters.Part(destination, width), size, true, out GuestElement element))
            {
                return TurnEnd.None;
            }

            element.Write(ref _machine->Chipset, _number, value, now);
        }
        else
        {
            _machine->Chipset.TryWriteMemory(_number, exit.Address, size, value, now);
        }

        if (access.Operation != MemoryOperation.StoreString)
        {
            Step(ref source, size, width);
        }

        if (access.Operation != MemoryOperation.LoadString)
        {
            Step(ref destination, size, width);
        }

        ulong left = 0;
        if ((access.Flags & MemoryAccessFlags.Repeat) != 0)
        {
            ref ulong count = ref _processor.Registers.Rcx;
            left = GuestRegisters.Part(count, width) - 1;
            GuestRegisters.SetPart(ref count, left, width);
        }

        return FinishMemory(left == 0 ? access.Length : 0);
    }

    /// <summary>Addresses of no device read all ones, as on a bus nobody answers on.</summary>
    private ulong Read(ulong address, int size, ulong now) =>
        _machine->Chipset.TryReadMemory(_number, address, size, now, out ulong value) ? value : ulong.MaxValue;

    private ulong ReadRegister(in MemoryAccess access)
    {
        if ((access.Flags & MemoryAccessFlags.Immediate) != 0)
        {
            return (ulong)access.Immediate;
        }

        return (access.Flags & MemoryAccessFlags.HighByte) != 0
            ? _processor.Registers[access.Register & 3] >> 8
            : Register(access.Register);
    }

    private void WriteRegister(in MemoryAccess access, ulong value)
    {
        int unusedBits = 64 - (access.MemoryBytes * 8);
        value = (access.Flags & MemoryAccessFlags.SignExtend) != 0
            ? (ulong)((long)(value << unusedBits) >> unusedBits)
            : value << unusedBits >> unusedBits;
        if ((access.Flags & MemoryAccessFlags.HighByte) != 0)
        {
            ref ulong high = ref _processor.Registers[access.Register & 3];
            high = (high & ~0xFF00UL) | ((value & 0xFF) << 8);
            return;
        }

        ref ulong register = ref Register(access.Register);
        register = access.RegisterBytes switch
        {
            1 => (register & ~0xFFUL) | (byte)value,
            2 => (register & ~0xFFFFUL) | (ushort)value,
            4 => (uint)value,
            _ => value,
        };
    }

    [UnscopedRef]
    private ref ulong Register(int number)
    {
        const int StackPointer = 4;
        if (number == StackPointer)
        {
            return ref _processor.StackPointer;
        }

        return ref _processor.Registers[number];
    }
}
