using Ember.Stubs.Coff;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Stubs.Assembly;

/// <summary>SHA-256 by the processor's own instructions (Intel SDM volume 2, SHA256RNDS2, SHA256MSG1 and SHA256MSG2).</summary>
public static class HashStubs
{
    private const int BlockLength = 64;

    /// <summary>SHUFPS: the first two elements of each operand, and the last two, the second one first.</summary>
    private const byte FirstTwoSwapped = 0b00_01_00_01;
    private const byte LastTwoSwapped = 0b10_11_10_11;

    public static IEnumerable<CoffSection> All => [StubAssembler.Assemble("EmberCompressSha256", Compress)];

    /// <summary>
    /// RCX: the eight words of the state, RDX: blocks, R8: their number, R9: the 64 round constants. Four rounds a turn, not all of them
    /// in a row: the instructions for the rounds wait for each other, and what turns the words around is done meanwhile.
    /// </summary>
    private static void Compress(StubAssembler stub)
    {
        Assembler c = stub.Code;
        Label begin = c.CreateLabel();
        Label nextBlock = c.CreateLabel();
        Label nextRounds = c.CreateLabel();
        Label bigEndian = c.CreateLabel();
        AssemblerRegisterXMM[] words = [xmm3, xmm4, xmm5, xmm6];
        c.test(r8, r8);
        c.jne(begin);
        c.ret();

        // The caller's 32 bytes for arguments in registers, which lie on a multiple of 16.
        c.Label(ref begin);
        c.movaps(__xmmword_ptr[rsp + 8], xmm6);
        c.movaps(__xmmword_ptr[rsp + 24], xmm7);

        // From a to h to what the instructions take, highest element first: a, b, e, f in XMM1 and c, d, g, h in XMM2.
        c.movups(xmm0, __xmmword_ptr[rcx]);
        c.movups(xmm1, __xmmword_ptr[rcx + 16]);
        c.movaps(xmm2, xmm1);
        c.shufps(xmm1, xmm0, FirstTwoSwapped);
        c.shufps(xmm2, xmm0, LastTwoSwapped);

        c.Label(ref nextBlock);
        c.movups(__xmmword_ptr[rcx], xmm1);
        c.movups(__xmmword_ptr[rcx + 16], xmm2);
        c.movups(xmm0, __xmmword_ptr[bigEndian]);
        for (int i = 0; i < words.Length; i++)
        {
            c.movups(words[i], __xmmword_ptr[rdx + (16 * i)]);
            c.pshufb(words[i], xmm0);
        }

        c.xor(eax, eax);
        c.Label(ref nextRounds);
        c.movups(xmm0, __xmmword_ptr[r9 + rax]);
        c.paddd(xmm0, xmm3);
        c.sha256rnds2(xmm2, xmm1);
        c.punpckhqdq(xmm0, xmm0);
        c.sha256rnds2(xmm1, xmm2);

        // The four words for 16 rounds later; those that the last turns make are for none.
        c.sha256msg1(xmm3, xmm4);
        c.movaps(xmm7, xmm6);
        c.palignr(xmm7, xmm5, 4);
        c.paddd(xmm7, xmm3);
        c.sha256msg2(xmm7, xmm6);
        c.movaps(xmm3, xmm4);
        c.movaps(xmm4, xmm5);
        c.movaps(xmm5, xmm6);
        c.movaps(xmm6, xmm7);

        // The constants are 256 bytes.
        c.add(al, 16);
        c.jne(nextRounds);
        c.movups(xmm0, __xmmword_ptr[rcx]);
        c.paddd(xmm1, xmm0);
        c.movups(xmm0, __xmmword_ptr[rcx + 16]);
        c.paddd(xmm2, xmm0);
        c.add(rdx, BlockLength);
        c.dec(r8);
        c.jne(nextBlock);

        c.movaps(xmm0, xmm1);
        c.shufps(xmm0, xmm2, LastTwoSwapped);
        c.shufps(xmm1, xmm2, FirstTwoSwapped);
        c.movups(__xmmword_ptr[rcx], xmm0);
        c.movups(__xmmword_ptr[rcx + 16], xmm1);
        c.movaps(xmm6, __xmmword_ptr[rsp + 8]);
        c.movaps(xmm7, __xmmword_ptr[rsp + 24]);
        c.ret();
        c.Label(ref bigEndian);
        c.dq(0x0405_0607_0001_0203, 0x0C0D_0E0F_0809_0A0B);
    }
}
