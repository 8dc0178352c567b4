using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>
/// The 256 interrupt entries, eight bytes each, and the two common tails that complete Ember.Platform's FaultFrame.
/// Device interrupts are only ever taken inside EmberWaitForInterrupt and EmberTakeInterrupts, where every volatile register is free,
/// and exceptions do not return: no vector register needs saving.
/// </summary>
public static class InterruptStubs
{
    private const int EntrySize = 8;
    private const string Handler = "EmberHandleInterrupt";

    /// <summary>Exceptions that push an error code (AMD APM volume 2, table 8-1): #DF #TS #NP #SS #GP #PF #AC #CP #VC #SX.</summary>
    private static readonly int[] _withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21, 29, 30];

    private static readonly AssemblerRegister64[] _pushed = [rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15];

    public static IEnumerable<CoffSection> All =>
    [
        StubAssembler.Assemble("EmberInterruptEntries", Entries),
        StubAssembler.Assemble("EmberInterruptEntriesAddress", stub =>
        {
            stub.LoadAddressIntoRax("EmberInterruptEntries");
            stub.Code.ret();
        }),
        StubAssembler.Assemble("EmberInterruptWithoutError", stub =>
        {
            stub.Code.push(__qword_ptr[rsp]);
            stub.Code.mov(__qword_ptr[rsp + 8], 0);
            stub.Jump("EmberInterruptWithError");
        }),
        StubAssembler.Assemble("EmberInterruptWithError", Common),
    ];

    private static void Entries(StubAssembler stub)
    {
        for (int vector = 0; vector < 256; vector++)
        {
            stub.Code.db(0x6A, (byte)vector);
            stub.Jump(_withErrorCode.Contains(vector) ? "EmberInterruptWithError" : "EmberInterruptWithoutError");
            stub.Code.db(0xCC);
        }

        System.Diagnostics.Debug.Assert(EntrySize == 2 + 5 + 1, "push imm8, jmp rel32, int3");
    }

    private static void Common(StubAssembler stub)
    {
        Assembler c = stub.Code;
        foreach (AssemblerRegister64 register in _pushed)
        {
            c.push(register);
        }

        c.cld();
        c.mov(rcx, rsp);
        c.sub(rsp, 32);
        stub.Call(Handler);
        c.add(rsp, 32);
        foreach (AssemblerRegister64 register in _pushed.Reverse())
        {
            c.pop(register);
        }

        c.add(rsp, 16);
        c.iretq();
    }
}
