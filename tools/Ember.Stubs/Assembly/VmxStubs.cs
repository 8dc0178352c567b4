using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>World switch and control structure for Intel VMX (Intel SDM volume 3, chapters 24 to 31).</summary>
public static class VmxStubs
{
    private const int HostRsp = 0x6C14;
    private const int HostRip = 0x6C16;
    private const int RcxOffset = 0x08;
    private const int VectorOffset = 0x80;

    /// <summary>What nearly every exit needs, read here without a call for each: exit reason, instruction length, RIP and
    /// interruptibility, in the order of Ember.Core's GuestRegisters.</summary>
    private static readonly (int Field, int Offset)[] _exitFields = [(0x4402, 0xE0), (0x440C, 0xE8), (0x681E, 0xF0), (0x4824, 0xF8)];

    private static readonly AssemblerRegister64[] _nonvolatile = [rbx, rbp, rsi, rdi, r12, r13, r14, r15];

    /// <summary>In the order of Ember.Core's GuestRegisters; RSP lives in the VMCS.</summary>
    private static readonly (AssemblerRegister64 Register, int Offset)[] _guest =
    [
        (rax, 0x00), (rdx, 0x10), (rbx, 0x18), (rbp, 0x28), (rsi, 0x30), (rdi, 0x38), (r8, 0x40), (r9, 0x48), (r10, 0x50),
        (r11, 0x58), (r12, 0x60), (r13, 0x68), (r14, 0x70), (r15, 0x78),
    ];

    /// <summary>XMM0 to XMM5 are what compiled C# may overwrite without saving (Microsoft x64); it saves the others itself.</summary>
    private static readonly AssemblerRegisterXMM[] _volatileVectors = [xmm0, xmm1, xmm2, xmm3, xmm4, xmm5];

    public static IEnumerable<CoffSection> All =>
    [
        OfAddress("EmberVmxOn", c => c.vmxon(__qword_ptr[rsp])),
        OfAddress("EmberVmxClear", c => c.vmclear(__qword_ptr[rsp])),
        OfAddress("EmberVmxLoad", c => c.vmptrld(__qword_ptr[rsp])),
        OfAllContexts("EmberVmxInvalidateNested", c => c.invept(rcx, __xmmword_ptr[rsp])),
        OfAllContexts("EmberVmxInvalidateLinear", c => c.invvpid(rcx, __xmmword_ptr[rsp])),
        StubAssembler.Assemble("EmberVmxRead", stub =>
        {
            stub.Code.vmread(rax, rcx);
            stub.Code.ret();
        }),
        StubAssembler.Assemble("EmberVmxWrite", stub =>
        {
            stub.Code.vmwrite(rcx, rdx);
            stub.Code.ret();
        }),
        StubAssembler.Assemble("EmberVmxLaunch", stub => Enter(stub, c => c.vmlaunch())),
        StubAssembler.Assemble("EmberVmxResume", stub => Enter(stub, c => c.vmresume())),
    ];

    /// <summary>RCX: a physical address, which the instruction reads from memory.</summary>
    private static CoffSection OfAddress(string symbol, Action<Assembler> instruction) => StubAssembler.Assemble(symbol, stub =>
    {
        stub.Code.push(rcx);
        instruction(stub.Code);
        stub.Code.pop(rcx);
        stub.Code.ret();
    });

    /// <summary>All contexts (type 2 of INVEPT and INVVPID) leave their descriptor unused, but it must be zero.</summary>
    private static CoffSection OfAllContexts(string symbol, Action<Assembler> instruction) => StubAssembler.Assemble(symbol, stub =>
    {
        stub.Code.push(0);
        stub.Code.push(0);
        stub.Code.mov(ecx, 2);
        instruction(stub.Code);
        stub.Code.pop(rcx);
        stub.Code.pop(rcx);
        stub.Code.ret();
    });

    /// <summary>
    /// RCX: GuestRegisters, EDX: the measures of <see cref="GuardStubs"/>, 0 for none. Returns 0 after an exit, 1 when the processor refused to enter. An exit comes back to the instruction
    /// behind the entering one, as a refusal does, with the carry and zero flags clear, which only a refusal sets.
    /// </summary>
    private static void Enter(StubAssembler stub, Action<Assembler> enter)
    {
        Assembler c = stub.Code;
        Label exit = c.CreateLabel();
        foreach (AssemblerRegister64 register in _nonvolatile)
        {
            c.push(register);
        }

        c.push(rdx);
        c.push(rcx);
        c.mov(eax, HostRsp);
        c.vmwrite(rax, rsp);
        stub.Call(GuardStubs.Entry);
        c.mov(eax, HostRip);
        c.lea(rdx, __[exit]);
        c.vmwrite(rax, rdx);
        for (int i = 0; i < _volatileVectors.Length; i++)
        {
            c.movaps(_volatileVectors[i], __xmmword_ptr[rcx + VectorOffset + (i * 16)]);
        }

        foreach ((AssemblerRegister64 register, int offset) in _guest)
        {
            c.mov(register, __qword_ptr[rcx + offset]);
        }

        c.mov(rcx, __qword_ptr[rcx + RcxOffset]);
        enter(c);
        c.Label(ref exit);
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

        c.setbe(bl);
        foreach ((int field, int offset) in _exitFields)
        {
            c.mov(eax, field);
            c.vmread(__qword_ptr[rcx + offset], rax);
        }

        c.pop(rcx);
        c.pop(rdx);
        stub.Call(GuardStubs.Exit);
        c.movzx(eax, bl);
        foreach (AssemblerRegister64 register in _nonvolatile.Reverse())
        {
            c.pop(register);
        }

        c.ret();
    }
}
