using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>Block moves and fills, eight bytes at a time with a tail of single bytes.</summary>
public static class MemoryStubs
{
    private const int ClearedPerStep = 128;
    private const int ClearedPerWideStep = 1024;
    private const int StateOfSseAndAvx = 6;

    public static IEnumerable<CoffSection> All =>
    [
        StubAssembler.Assemble("EmberMoveMemory", Move),
        StubAssembler.Assemble("EmberFillMemory", Fill),
        StubAssembler.Assemble("EmberClearMemory", Clear),
        StubAssembler.Assemble("EmberClearMemoryWide", ClearWide),
    ];

    /// <summary>RCX: destination, RDX: source, R8: bytes. The ranges may overlap.</summary>
    private static void Move(StubAssembler stub)
    {
        Assembler c = stub.Code;
        Label backwards = c.CreateLabel();
        Label done = c.CreateLabel();
        c.push(rdi);
        c.push(rsi);
        c.mov(rdi, rcx);
        c.mov(rsi, rdx);
        c.mov(rcx, r8);
        c.mov(rax, rdi);
        c.sub(rax, rsi);
        c.cmp(rax, r8);
        c.jb(backwards);
        c.shr(rcx, 3);
        c.rep.movsq();
        c.mov(ecx, r8d);
        c.and(ecx, 7);
        c.rep.movsb();
        c.jmp(done);
        c.Label(ref backwards);
        c.lea(rdi, __[rdi + rcx - 1]);
        c.lea(rsi, __[rsi + rcx - 1]);
        c.std();
        c.rep.movsb();
        c.cld();
        c.Label(ref done);
        c.pop(rsi);
        c.pop(rdi);
        c.ret();
    }

    /// <summary>RCX: destination, DL: value, R8: bytes.</summary>
    private static void Fill(StubAssembler stub)
    {
        Assembler c = stub.Code;
        c.push(rdi);
        c.mov(rdi, rcx);
        c.movzx(eax, dl);
        c.mov(rcx, 0x0101_0101_0101_0101);
        c.imul(rax, rcx);
        c.mov(rcx, r8);
        c.shr(rcx, 3);
        c.rep.stosq();
        c.mov(ecx, r8d);
        c.and(ecx, 7);
        c.rep.stosb();
        c.pop(rdi);
        c.ret();
    }

    /// <summary>RCX: destination, aligned to 128 bytes; RDX: bytes, a multiple of 128.</summary>
    private static void Clear(StubAssembler stub)
    {
        Assembler c = stub.Code;
        Label again = c.CreateLabel();
        Label done = c.CreateLabel();
        c.test(rdx, rdx);
        c.je(done);
        c.pxor(xmm0, xmm0);
        c.Label(ref again);
        for (int offset = 0; offset < ClearedPerStep; offset += 16)
        {
            c.movaps(__xmmword_ptr[rcx + offset], xmm0);
        }

        c.add(rcx, ClearedPerStep);
        c.sub(rdx, ClearedPerStep);
        c.jne(again);
        c.Label(ref done);
        c.ret();
    }

    /// <summary>
    /// RCX: destination, aligned to 32 bytes; RDX: bytes, a multiple of 1024. Past the caches: it is much, and for somebody else.
    /// XCR0 is what it was afterwards, and XMM0, with its upper half, zero.
    /// </summary>
    private static void ClearWide(StubAssembler stub)
    {
        Assembler c = stub.Code;
        Label again = c.CreateLabel();
        Label done = c.CreateLabel();
        c.test(rdx, rdx);
        c.je(done);
        c.mov(r8, rcx);
        c.lea(r9, __[rcx + rdx]);
        c.xor(ecx, ecx);
        c.xgetbv();
        c.mov(r10d, eax);
        c.mov(r11d, edx);
        c.or(eax, StateOfSseAndAvx);
        c.xsetbv();
        c.vpxor(xmm0, xmm0, xmm0);
        c.Label(ref again);
        for (int offset = 0; offset < ClearedPerWideStep; offset += 32)
        {
            c.vmovntdq(__ymmword_ptr[r8 + offset], ymm0);
        }

        c.add(r8, ClearedPerWideStep);
        c.cmp(r8, r9);
        c.jne(again);
        c.sfence();
        c.mov(eax, r10d);
        c.mov(edx, r11d);
        c.xsetbv();
        c.Label(ref done);
        c.ret();
    }
}
