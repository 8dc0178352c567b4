using Ember.Platform.Auditing;

namespace Ember.Platform.Faults;

/// <summary>
/// Undoes a function's prologue by its UNWIND_INFO, version 1 (Microsoft, x64 exception handling). An address inside an epilogue is
/// taken for one in the body: such a frame and those above it may come out wrong, never unsafe.
/// </summary>
internal static class UnwindInfo
{
    private const uint WholeProlog = uint.MaxValue;
    private const int MaximumChain = 8;
    private const uint ChainInfo = 4;

    /// <summary>Brings the registers back to what they were in the caller.</summary>
    /// <param name="image">The image.</param>
    /// <param name="stack">The stack.</param>
    /// <param name="info">Distance of the UNWIND_INFO from the image base.</param>
    /// <param name="offset">How far into the function execution is, in bytes: what of its prologue has run.</param>
    /// <param name="registers">The registers in the function, then in its caller.</param>
    /// <param name="interrupted">Whether the caller did not call but was interrupted there.</param>
    /// <returns>False if the stack or the data does not allow it.</returns>
    [LoopBound(MaximumChain, "links of the chain")]
    public static bool TryUndo(
        MemoryWindow image, MemoryWindow stack, uint info, uint offset, ref UnwindRegisters registers, out bool interrupted)
    {
        interrupted = false;
        for (int chain = 0; chain < MaximumChain; chain++)
        {
            ulong address = image.Low + info;
            if (!image.TryRead(address, 4, out ulong header) || (header & 7) != 1
                || !TryUndoCodes(image, stack, address, (uint)header, offset, ref registers, out interrupted))
            {
                return false;
            }

            if (interrupted)
            {
                return true;
            }

            if (((header >> 3) & ChainInfo) == 0)
            {
                bool read = stack.TryRead(registers.Rsp, 8, out registers.Rip);
                registers.Rsp += 8;
                return read;
            }

            // The parent's RUNTIME_FUNCTION follows the codes, whose number is made even; its third field is its UNWIND_INFO.
            ulong parent = address + 4 + (((CodeCount((uint)header) + 1) & ~1u) * 2);
            if (!image.TryRead(parent + 8, 4, out ulong parentInfo))
            {
                return false;
            }

            info = (uint)parentInfo;
            offset = WholeProlog;
        }

        return false;
    }

    [LoopBound(255, "slots: one byte says how many; each code takes one at least")]
    private static bool TryUndoCodes(
        MemoryWindow image,
        MemoryWindow stack,
        ulong address,
        uint header,
        uint offset,
        ref UnwindRegisters registers,
        out bool interrupted)
    {
        interrupted = false;
        uint prologSize = (header >> 8) & 0xFF;
        int frameRegister = (int)(header >> 24) & 15;
        ulong frameBase = registers[frameRegister] - ((header >> 28) * 16);
        ulong saveBase = frameRegister != 0 && offset >= prologSize ? frameBase : registers.Rsp;

        uint count = CodeCount(header);
        for (uint slot = 0; slot < count;)
        {
            if (!UnwindCode.TryRead(image, address + 4 + (slot * 2), out UnwindCode code))
            {
                return false;
            }

            slot += code.Slots;
            if (code.PrologOffset > offset)
            {
                continue;
            }

            switch (code.Operation)
            {
                case UnwindOperation.PushNonvolatile:
                    if (!TryRestore(stack, registers.Rsp, code.Register, ref registers))
                    {
                        return false;
                    }

                    registers.Rsp += 8;
                    break;

                case UnwindOperation.AllocateLarge or UnwindOperation.AllocateSmall:
                    registers.Rsp += code.Operand;
                    break;

                case UnwindOperation.SetFrameRegister:
                    registers.Rsp = frameBase;
                    break;

                case UnwindOperation.SaveNonvolatile or UnwindOperation.SaveNonvolatileFar:
                    if (!TryRestore(stack, saveBase + code.Operand, code.Register, ref registers))
                    {
                        return false;
                    }

                    break;

                case UnwindOperation.PushMachineFrame:
                    interrupted = true;
                    ulong frame = registers.Rsp + ((ulong)(uint)code.Register * 8);
                    return stack.TryRead(frame, 8, out registers.Rip)
                        && TryRestore(stack, frame + 24, UnwindRegisters.RspNumber, ref registers);
            }
        }

        return true;
    }

    private static bool TryRestore(MemoryWindow stack, ulong address, int register, ref UnwindRegisters registers)
    {
        bool read = stack.TryRead(address, 8, out ulong value);
        registers[register] = value;
        return read;
    }

    private static uint CodeCount(uint header) => (header >> 16) & 0xFF;
}
