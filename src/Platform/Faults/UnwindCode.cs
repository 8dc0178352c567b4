namespace Ember.Platform.Faults;

/// <summary>One UNWIND_CODE with what follows it (Microsoft, x64 exception handling).</summary>
internal struct UnwindCode
{
    /// <summary>Offset in the prologue behind the instruction it describes, in bytes.</summary>
    public byte PrologOffset;

    public UnwindOperation Operation;

    /// <summary>The register saved, or for a machine frame whether it has an error code.</summary>
    public int Register;

    /// <summary>Bytes allocated, or where the register was saved relative to the frame, in bytes.</summary>
    public uint Operand;

    /// <summary>How many two-byte slots the code takes.</summary>
    public uint Slots;

    /// <summary>Reads a code.</summary>
    /// <param name="image">The image.</param>
    /// <param name="address">Address of its first slot.</param>
    /// <param name="code">The code.</param>
    /// <returns>False if it is outside the image or none of version 1.</returns>
    public static bool TryRead(MemoryWindow image, ulong address, out UnwindCode code)
    {
        code = default;
        if (!image.TryRead(address, 2, out ulong slot))
        {
            return false;
        }

        int info = (int)(slot >> 12);
        code.PrologOffset = (byte)slot;
        code.Operation = (UnwindOperation)((slot >> 8) & 15);
        code.Register = info;
        switch (code.Operation)
        {
            case UnwindOperation.PushNonvolatile or UnwindOperation.SetFrameRegister or UnwindOperation.PushMachineFrame:
                code.Slots = 1;
                return true;
            case UnwindOperation.AllocateSmall:
                code.Slots = 1;
                code.Operand = ((uint)info * 8) + 8;
                return true;
            case UnwindOperation.SaveNonvolatile or UnwindOperation.SaveXmm128:
            case UnwindOperation.AllocateLarge when info == 0:
                return code.TryReadOperand(image, address, 2, 8);
            case UnwindOperation.SaveNonvolatileFar or UnwindOperation.SaveXmm128Far:
            case UnwindOperation.AllocateLarge when info == 1:
                return code.TryReadOperand(image, address, 4, 1);
            default:
                return false;
        }
    }

    private bool TryReadOperand(MemoryWindow image, ulong address, int size, uint scale)
    {
        bool read = image.TryRead(address + 2, size, out ulong operand);
        Operand = (uint)operand * scale;
        Slots = 1 + ((uint)size / 2);
        return read;
    }
}
