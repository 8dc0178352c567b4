using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>
/// What world switches do against speculation, where a processor needs it: the bits are those of Ember.Core's SpeculationMeasures.
/// Between an exit and <c>EmberGuardExit</c> lies no return and no indirect branch that a guest could have trained.
/// </summary>
public static class GuardStubs
{
    /// <summary>The name of the entry side.</summary>
    public const string Entry = "EmberGuardEntry";

    /// <summary>The name of the exit side.</summary>
    public const string Exit = "EmberGuardExit";

    private const int SpectreControl = 0x48;
    private const int PredictionCommand = 0x49;
    private const int FlushCommand = 0x10B;
    private const int DataSelector = 0x10;
    private const int BarrierAfterExit = 1 << 24;
    private const int RestrictAfterExit = 1 << 25;
    private const int FillReturnsAfterExit = 1 << 26;
    private const int ClearBuffersBeforeEntry = 1 << 28;
    private const int FlushDataBeforeEntry = 1 << 29;

    /// <summary>Entries of the largest stack of predicted returns.</summary>
    private const int Returns = 32;

    public static IEnumerable<CoffSection> All =>
    [
        // EDX: the measures. All other registers but EDX stay as they are.
        StubAssembler.Assemble(Entry, stub =>
        {
            Assembler c = stub.Code;
            If(c, FlushDataBeforeEntry | ClearBuffersBeforeEntry, () =>
            {
                If(c, FlushDataBeforeEntry, () => Write(c, FlushCommand, () => c.mov(eax, 1)));
                If(c, ClearBuffersBeforeEntry, () =>
                {
                    c.push(DataSelector);
                    c.verw(__word_ptr[rsp]);
                    c.pop(rdx);
                });
                c.ret();
            });
            c.ret();
        }),

        // EDX: the measures. RAX, RCX and RDX are overwritten.
        StubAssembler.Assemble(Exit, stub =>
        {
            Assembler c = stub.Code;
            If(c, RestrictAfterExit | BarrierAfterExit, () =>
            {
                If(c, RestrictAfterExit, () => Write(c, SpectreControl, () => c.movzx(eax, dx)));
                If(c, BarrierAfterExit, () => Write(c, PredictionCommand, () => c.mov(eax, 1)));
                c.nop();
            });
            If(c, FillReturnsAfterExit, () => stub.Call(NameOfReturn(1)));
            c.ret();
        }),
        .. Enumerable.Range(1, Returns).Select(i => StubAssembler.Assemble(NameOfReturn(i), stub => FillReturn(stub, i))),
    ];

    /// <summary>Calls within calls, so that no predicted return is a guest's any more.</summary>
    private static void FillReturn(StubAssembler stub, int number)
    {
        if (number < Returns)
        {
            stub.Call(NameOfReturn(number + 1));
        }
        else
        {
            stub.Code.lfence();
        }

        stub.Code.ret();
    }

    private static string NameOfReturn(int number) => $"EmberFillReturn{number}";

    private static void If(Assembler c, int measure, Action then)
    {
        Label behind = c.CreateLabel();
        c.test(edx, measure);
        c.je(behind);
        then();
        c.Label(ref behind);
    }

    private static void Write(Assembler c, int msr, Action load)
    {
        c.push(rax);
        c.push(rcx);
        c.push(rdx);
        load();
        c.mov(ecx, msr);
        c.xor(edx, edx);
        c.wrmsr();
        c.pop(rdx);
        c.pop(rcx);
        c.pop(rax);
    }
}
