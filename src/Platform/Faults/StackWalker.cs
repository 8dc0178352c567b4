using Ember.Platform.Auditing;

namespace Ember.Platform.Faults;

/// <summary>
/// Walks from a faulting instruction out through its callers. Whatever stack and image hold, it reads only inside the two windows
/// and ends after <see cref="MaximumFrames"/> frames; the stack pointer must rise with every frame.
/// </summary>
public ref struct StackWalker
{
    /// <summary>The largest number of frames, the first one included.</summary>
    public const int MaximumFrames = 32;

    /// <summary>How many eight-byte slots above the stack pointer an undescribed function's return address is looked for.</summary>
    private const int MaximumStubSlots = 32;

    private readonly UnwindTable _table;
    private readonly MemoryWindow _stack;
    private UnwindRegisters _registers;
    private int _frames;
    private bool _isReturnAddress;

    /// <summary>Starts a walk.</summary>
    /// <param name="table">The unwind data of the image the code is in.</param>
    /// <param name="stack">The stack the registers point into.</param>
    /// <param name="registers">The registers at the innermost instruction.</param>
    public StackWalker(UnwindTable table, MemoryWindow stack, in UnwindRegisters registers)
    {
        _table = table;
        _stack = stack;
        _registers = registers;
    }

    /// <summary>The registers of the current frame; of those a function need not preserve, only the first frame's mean anything.</summary>
    public readonly UnwindRegisters Registers => _registers;

    /// <summary>
    /// An address inside the instruction the frame is at. Behind the first frame it is one less than the return address, which may
    /// already belong to the next function where the call is the last instruction.
    /// </summary>
    public readonly ulong Location => _isReturnAddress ? _registers.Rip - 1 : _registers.Rip;

    /// <summary>Moves to the next frame, at first to the innermost.</summary>
    /// <returns>False when there is none.</returns>
    public bool MoveNext()
    {
        if (_frames == MaximumFrames)
        {
            return false;
        }

        if (_frames++ == 0)
        {
            return true;
        }

        ulong rsp = _registers.Rsp;
        if (!TryLeave() || !_table.Image.Contains(_registers.Rip) || _registers.Rsp <= rsp)
        {
            _frames = MaximumFrames;
            return false;
        }

        return true;
    }

    private bool TryLeave()
    {
        if (!_table.TryFind(Location, out uint begin, out uint info))
        {
            return TryLeaveUndescribed();
        }

        // Of the prologue has run what lies before the instruction itself; a call is never part of it.
        uint offset = (uint)(_registers.Rip - _table.Image.Low) - begin;
        bool left = UnwindInfo.TryUndo(_table.Image, _stack, info, offset, ref _registers, out bool interrupted);
        _isReturnAddress = !interrupted;
        return left;
    }

    /// <summary>
    /// A leaf function has its return address on top of the stack. Our own machine-code stubs carry no unwind data either, but may
    /// have pushed: then it is the first value that points into a described function.
    /// </summary>
    [LoopBound(MaximumStubSlots, "slots")]
    private bool TryLeaveUndescribed()
    {
        for (int slot = 0; slot < MaximumStubSlots; slot++)
        {
            if (!_stack.TryRead(_registers.Rsp, 8, out ulong value))
            {
                return false;
            }

            _registers.Rsp += 8;
            if (_table.TryFind(value - 1, out _, out _))
            {
                _registers.Rip = value;
                _isReturnAddress = true;
                return true;
            }
        }

        return false;
    }
}
