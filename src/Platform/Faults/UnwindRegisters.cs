using System.Runtime.CompilerServices;

namespace Ember.Platform.Faults;

/// <summary>The registers unwinding restores: sixteen general ones by their number in machine code, and the instruction pointer.</summary>
public struct UnwindRegisters
{
    /// <summary>The number of RSP.</summary>
    public const int RspNumber = 4;

    /// <summary>Address of the instruction the frame is at, or returns to.</summary>
    public ulong Rip;

    private General _general;

    /// <summary>The registers at a fault.</summary>
    public UnwindRegisters(in FaultFrame frame)
    {
        Rip = frame.Rip;
        this[0] = frame.Rax;
        this[1] = frame.Rcx;
        this[2] = frame.Rdx;
        this[3] = frame.Rbx;
        this[RspNumber] = frame.Rsp;
        this[5] = frame.Rbp;
        this[6] = frame.Rsi;
        this[7] = frame.Rdi;
        this[8] = frame.R8;
        this[9] = frame.R9;
        this[10] = frame.R10;
        this[11] = frame.R11;
        this[12] = frame.R12;
        this[13] = frame.R13;
        this[14] = frame.R14;
        this[15] = frame.R15;
    }

    /// <summary>The stack pointer.</summary>
    public ulong Rsp
    {
        readonly get => this[RspNumber];
        set => this[RspNumber] = value;
    }

    /// <summary>A general register by its number, of which the low four bits count.</summary>
    public ulong this[int number]
    {
        readonly get => _general[number & 15];
        set => _general[number & 15] = value;
    }

    [InlineArray(16)]
    private struct General
    {
        private ulong _first;
    }
}
