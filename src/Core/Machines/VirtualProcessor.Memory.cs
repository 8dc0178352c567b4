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
            default:
                return Stop(MachineStop.UnknownInstruction, in exit);
        }

        PassPriority();
        NotifyOthers();
        _processor.Advance(access.Length);
        return TurnEnd.None;
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
