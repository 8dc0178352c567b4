using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>World switch for AMD SVM (AMD APM volume 2, chapter 15).</summary>
public static class SvmStubs
{
    private static readonly AssemblerRegister64[] _nonvolatile = [rbx, rbp, rsi, rdi, r12, r13, r14, r15];

    /// <summary>In the order of Ember.Core's GuestRegisters; RAX and RSP live in the VMCB.</summary>
    private static readonly (AssemblerRegister64 Register, int Offset)[] _guest =
    [
        (rdx, 0x10), (rbx, 0x18), (rbp, 0x28), (rsi, 0x30), (rdi, 0x38), (r8, 0x40), (r9, 0x48), (r10, 0x50), (r11, 0x58), (r12, 0x60),
        (r13, 0x68), (r14, 0x70), (r15, 0x78),
    ];

    private const int RcxOffset = 0x08;
    private const int VectorOffset = 0x80;

    /// <summary>XMM0 to XMM5 are what compiled C# may overwrite without saving (Microsoft x64); it saves the others itself.</summary>
    private static readonly AssemblerRegisterXMM[] _volatileVectors = [xmm0, xmm1, xmm2, xmm3, xmm4, xmm5];

    public static IEnumerable<CoffSection> All =>
    [
        StubAssembler.Assemble("EmberSvmRun", stub => Run(stub, guarded: false)),
        StubAssembler.Assemble("EmberSvmRunGuarded", stub => Run(stub, guarded: true)),
        StubAssembler.Assemble("EmberSvmSaveHost", stub =>
        {
            stub.Code.mov(rax, rcx);
            stub.Code.vmsave();
            stub.Code.ret();
        }),
    ];

    /// <summary>
    /// RCX: GuestRegisters, RDX: physical address of the guest's VMCB, R8: of the VMCB that holds the host's own VMSAVE state.
    /// With virtual interrupt masking a physical interrupt ends the guest's turn only if the host's RFLAGS.IF is set at VMRUN, so it
    /// is set while GIF is clear and nothing can be delivered. With guards R9D has the measures of <see cref="GuardStubs"/>.
    /// </summary>
    private static void Run(StubAssembler stub, bool guarded)
    {
        Assembler c = stub.Code;
        foreach (AssemblerRegister64 register in _nonvolatile)
        {
            c.push(register);
        }

        if (guarded)
        {
            c.push(r9);
        }

        c.push(r8);
        c.push(rcx);
        c.clgi();
        c.sti();
        c.mov(rax, rdx);
        if (guarded)
        {
            c.mov(edx, r9d);
            stub.Call(GuardStubs.Entry);
        }

        for (int i = 0; i < _volatileVectors.Length; i++)
        {
            c.movaps(_volatileVectors[i], __xmmword_ptr[rcx + VectorOffset + (i * 16)]);
        }

        foreach ((AssemblerRegister64 register, int offset) in _guest)
        {
            c.mov(register, __qword_ptr[rcx + offset]);
        }

        c.mov(rcx, __qword_ptr[rcx + RcxOffset]);
        c.vmload();
        c.vmrun();
        c.vmsave();
        c.push(rcx);
        c.mov(rcx, __qword_ptr[rsp + 8]);
        foreach ((AssemblerRegister64 register, int offset) in _guest)
        {
            c.mov(__qword_ptr[rcx + offset], register);
        }

        c.pop(__qword_ptr[rcx + RcxOffset]);
        for (int i = 0; i < _volatileVectors.Length; i++)
        {
            c.movaps(__xmmword_ptr[rcx + VectorOffset + (i * 16)], _volatileVectors[i]);
        }

        c.pop(rcx);
        c.pop(rax);
        c.vmload();
        if (guarded)
        {
            c.pop(rdx);
            stub.Call(GuardStubs.Exit);
        }

        c.cli();
        c.stgi();
        foreach (AssemblerRegister64 register in _nonvolatile.Reverse())
        {
            c.pop(register);
        }

        c.ret();
    }
}
