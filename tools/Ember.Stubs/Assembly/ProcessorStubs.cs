using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>System registers, descriptor tables and the instructions that stop or wake a processor.</summary>
public static class ProcessorStubs
{
    private static readonly AssemblerRegisterDR[] _breakpoints = [dr0, dr1, dr2, dr3];

    /// <summary>Those that do not lead into the core.</summary>
    public static IEnumerable<CoffSection> ForLoader =>
        All.Where(stub => stub.Symbol is "EmberCpuid" or "EmberReadTimeStampCounter" or "EmberCheckFailed");

    public static IEnumerable<CoffSection> All =>
    [
        Plain("EmberCpuid", c =>
        {
            c.push(rbx);
            c.mov(eax, ecx);
            c.mov(ecx, edx);
            c.cpuid();
            c.mov(__dword_ptr[r8], eax);
            c.mov(__dword_ptr[r8 + 4], ebx);
            c.mov(__dword_ptr[r8 + 8], ecx);
            c.mov(__dword_ptr[r8 + 12], edx);
            c.pop(rbx);
        }),
        Plain("EmberReadMsr", c =>
        {
            c.rdmsr();
            c.shl(rdx, 32);
            c.or(rax, rdx);
        }),
        Plain("EmberWriteMsr", c =>
        {
            c.mov(eax, edx);
            c.shr(rdx, 32);
            c.wrmsr();
        }),
        Plain("EmberReadTimeStampCounter", c =>
        {
            c.rdtsc();
            c.shl(rdx, 32);
            c.or(rax, rdx);
        }),
        Plain("EmberReadCr0", c => c.mov(rax, cr0)),
        Plain("EmberReadCr2", c => c.mov(rax, cr2)),
        Plain("EmberReadCr3", c => c.mov(rax, cr3)),
        Plain("EmberReadCr4", c => c.mov(rax, cr4)),
        Plain("EmberWriteCr0", c => c.mov(cr0, rcx)),
        Plain("EmberWriteCr2", c => c.mov(cr2, rcx)),
        Plain("EmberWriteCr3", c => c.mov(cr3, rcx)),
        Plain("EmberWriteCr4", c => c.mov(cr4, rcx)),
        Plain("EmberReadXcr0", c =>
        {
            c.xor(ecx, ecx);
            c.xgetbv();
            c.shl(rdx, 32);
            c.or(rax, rdx);
        }),
        Plain("EmberWriteXcr0", c =>
        {
            c.mov(eax, ecx);
            c.mov(rdx, rcx);
            c.shr(rdx, 32);
            c.xor(ecx, ecx);
            c.xsetbv();
        }),
        Plain("EmberReadDr6", c => c.mov(rax, dr6)),
        Plain("EmberWriteDr6", c => c.mov(dr6, rcx)),
        Plain("EmberReadDebugRegisters", c => Each(_breakpoints, (register, offset) =>
        {
            c.mov(rax, register);
            c.mov(__qword_ptr[rcx + offset], rax);
        })),
        Plain("EmberWriteDebugRegisters", c => Each(_breakpoints, (register, offset) =>
        {
            c.mov(rax, __qword_ptr[rcx + offset]);
            c.mov(register, rax);
        })),
        OfStates("EmberSaveExtended", c => c.xsave64(__[rcx])),
        OfStates("EmberRestoreExtended", c => c.xrstor64(__[rcx])),
        Plain("EmberSaveFloatingPoint", c => c.fxsave64(__[rcx])),
        Plain("EmberRestoreFloatingPoint", c => c.fxrstor64(__[rcx])),
        Plain("EmberStoreGdt", c => c.sgdt(__[rcx])),
        Plain("EmberStoreIdt", c => c.sidt(__[rcx])),
        Plain("EmberLoadIdt", c => c.lidt(__[rcx])),
        StubAssembler.Assemble("EmberLoadGdt", LoadGdt),
        Plain("EmberLoadTaskRegister", c => c.ltr(cx)),
        Plain("EmberDisableInterrupts", c => c.cli()),
        Plain("EmberWaitForInterrupt", c =>
        {
            c.sti();
            c.hlt();
            c.cli();
        }),
        Plain("EmberTakeInterrupts", c =>
        {
            c.sti();
            c.nop();
            c.cli();
        }),
        Plain("EmberTakeNonMaskableInterrupt", c => c.@int(2)),
        Plain("EmberPause", c => c.pause()),
        Endless("EmberHalt", c =>
        {
            Label again = c.CreateLabel();
            c.Label(ref again);
            c.cli();
            c.hlt();
            c.jmp(again);
        }),
        Endless("EmberCheckFailed", c => c.ud2()),
        Endless("EmberTripleFault", c =>
        {
            c.push(0);
            c.push(0);
            c.lidt(__[rsp]);
            c.ud2();
        }),
        Endless("EmberOverflowStack", c =>
        {
            c.mov(rsp, rcx);
            c.push(0);
            c.ud2();
        }),
        StubAssembler.Assemble("EmberMainOnStack", MainOnStack),
    ];

    private static CoffSection Plain(string symbol, Action<Assembler> body) => Endless(symbol, c =>
    {
        body(c);
        c.ret();
    });

    private static void Each(AssemblerRegisterDR[] registers, Action<AssemblerRegisterDR, int> emit)
    {
        for (int i = 0; i < registers.Length; i++)
        {
            emit(registers[i], i * sizeof(ulong));
        }
    }

    /// <summary>RCX: the area, RDX: which states.</summary>
    private static CoffSection OfStates(string symbol, Action<Assembler> instruction) => Plain(symbol, c =>
    {
        c.mov(eax, edx);
        c.shr(rdx, 32);
        instruction(c);
    });

    /// <summary>A stub that never returns: a RET behind it would be code that nothing reaches.</summary>
    private static CoffSection Endless(string symbol, Action<Assembler> body) =>
        StubAssembler.Assemble(symbol, stub => body(stub.Code));

    /// <summary>RCX: the pseudo-descriptor, EDX: code selector, R8D: data selector. FS and GS stay null: nothing here uses them.</summary>
    private static void LoadGdt(StubAssembler stub)
    {
        Assembler c = stub.Code;
        Label reloaded = c.CreateLabel();
        c.lgdt(__[rcx]);
        c.mov(ds, r8d);
        c.mov(es, r8d);
        c.mov(ss, r8d);
        c.xor(eax, eax);
        c.mov(fs, eax);
        c.mov(gs, eax);
        c.mov(edx, edx);
        c.push(rdx);
        c.lea(rax, __[reloaded]);
        c.push(rax);
        c.AddInstruction(Instruction.Create(Code.Retfq));
        c.Label(ref reloaded);
        c.ret();
    }

    /// <summary>RCX: top of the new stack, RDX: argument of EmberMain, which never returns.</summary>
    private static void MainOnStack(StubAssembler stub)
    {
        Assembler c = stub.Code;
        c.mov(rsp, rcx);
        c.and(rsp, -16);
        c.sub(rsp, 32);
        c.mov(rcx, rdx);
        c.xor(ebp, ebp);
        stub.Call("EmberMain");
        c.ud2();
    }
}
