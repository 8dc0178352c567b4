using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Two guests that show whether one can find what another left. The one that writes fills its memory, general, debug and vector registers,
/// CR2 and MSRs with a pattern and powers off. The one that reads looks for it - in the general registers as they are at its first
/// instruction, and in its memory but for what it uses itself - and says <c>secrets: none found</c> or <c>secrets: PLACE</c> for each place
/// and their number. A guest in both roles proves that the reader finds what is there.
/// </summary>
public sealed class SecretsGuest
{
    private const int Pattern = 0x5EC2_E75A;
    private const int LowMemory = LongModeKernel.KeptPage + 0x1000;
    private const int LowMemoryEnd = 0x8_0000;
    private const int Saved = LongModeKernel.KeptPage;
    private const int TimeStampAux = unchecked((int)0xC000_0103);
    private const string Memory = "memory";

    private static readonly (string Name, int Register)[] _modelSpecific =
    [
        ("sysenter-esp", 0x175), ("sysenter-eip", 0x176), ("star", unchecked((int)0xC000_0081)), ("lstar", unchecked((int)0xC000_0082)),
        ("cstar", unchecked((int)0xC000_0083)), ("sfmask", unchecked((int)0xC000_0084)), ("fs-base", unchecked((int)0xC000_0100)),
        ("gs-base", unchecked((int)0xC000_0101)), ("kernel-gs-base", unchecked((int)0xC000_0102)),
    ];

    private static readonly AssemblerRegister64[] _general =
        [rax, rcx, rdx, rbx, rsp, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];

    private static readonly AssemblerRegister32[] _general32 = [eax, ecx, edx, ebx, esp, ebp, esi, edi];
    private static readonly AssemblerRegisterDR[] _debug = [dr0, dr1, dr2, dr3];
    private static readonly AssemblerRegisterMM[] _media = [mm0, mm1, mm2, mm3, mm4, mm5, mm6, mm7];

    private static readonly AssemblerRegisterXMM[] _vectors =
        [xmm0, xmm1, xmm2, xmm3, xmm4, xmm5, xmm6, xmm7, xmm8, xmm9, xmm10, xmm11, xmm12, xmm13, xmm14, xmm15];

    private static readonly AssemblerRegisterYMM[] _wideVectors =
        [ymm0, ymm1, ymm2, ymm3, ymm4, ymm5, ymm6, ymm7, ymm8, ymm9, ymm10, ymm11, ymm12, ymm13, ymm14, ymm15];

    private readonly LongModeCode _code;
    private readonly int _found;
    private readonly int _room;
    private readonly int _hasWideVectors;
    private readonly Label _compare;

    private SecretsGuest(LongModeCode code)
    {
        _code = code;
        _found = code.Variable();
        _room = code.Variable(32);
        _hasWideVectors = code.Variable();
        _compare = code.Routine(EmitCompare);
    }

    /// <summary>Every place that the reader looks into, by its name; those of AVX and TSC_AUX only where a processor has them.</summary>
    public static IReadOnlyList<string> Places { get; } =
    [
        .. _general.Where(register => register != rsp).Select(register => NameOf(register)), .. _debug.Select(register => NameOf(register)),
        "cr2", .. _modelSpecific.Select(register => register.Name), "tsc-aux", .. _media.Select(register => NameOf(register)),
        .. _vectors.Select(register => NameOf(register)), .. _wideVectors.Select(register => NameOf(register)), Memory,
    ];

    private Assembler Assembler => _code.Assembler;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="role">What it does, in this order.</param>
    /// <param name="memoryMiB">Memory of its machine, in MiB.</param>
    public static byte[] Build(SecretsRole role, int memoryMiB) => LongModeKernel.Build(
        code => new SecretsGuest(code).Emit(role, memoryMiB << 20),
        first: c =>
        {
            for (int i = 0; i < _general32.Length; i++)
            {
                c.mov(__dword_ptr[Saved + (i * 8)], _general32[i]);
            }
        });

    private static string NameOf(Register register) => register.ToString().ToLowerInvariant();

    private void Emit(SecretsRole role, int memoryBytes)
    {
        Save(_general32.Length);
        EnableVectors();
        if (role.HasFlag(SecretsRole.Write))
        {
            EmitWrite(memoryBytes);
            Save(0);
        }

        if (role.HasFlag(SecretsRole.Read))
        {
            EmitRead(memoryBytes);
        }

        _code.PowerOff();
    }

    /// <summary>Keeps the general registers from one on.</summary>
    private void Save(int first)
    {
        for (int i = first; i < _general.Length; i++)
        {
            Assembler.mov(__qword_ptr[Saved + (i * 8)], _general[i]);
        }
    }

    private void EnableVectors()
    {
        Assembler c = Assembler;
        const int SaveAndWide = (1 << 26) | (1 << 28);
        c.mov(rax, cr0);
        c.and(eax, ~0b1100); // EM, TS
        c.or(eax, 0b0010); // MP
        c.mov(cr0, rax);
        c.mov(rax, cr4);
        c.or(eax, 0x600); // OSFXSR, OSXMMEXCPT
        c.mov(cr4, rax);
        c.mov(eax, 1);
        c.cpuid();
        c.and(ecx, SaveAndWide);
        c.xor(eax, eax);
        c.cmp(ecx, SaveAndWide);
        c.sete(al);
        c.mov(__qword_ptr[_hasWideVectors], rax);
        IfWide(() =>
        {
            c.mov(rax, cr4);
            c.or(eax, 1 << 18); // OSXSAVE
            c.mov(cr4, rax);
            c.xor(ecx, ecx);
            c.xor(edx, edx);
            c.mov(eax, 0b111); // x87, SSE, AVX
            c.xsetbv();
        });
    }

    private void EmitWrite(int memoryBytes)
    {
        Assembler c = Assembler;
        Fill(LowMemory, LowMemoryEnd);
        Fill(LongModeKernel.FreeMemory, memoryBytes);
        foreach ((string _, int register) in _modelSpecific)
        {
            WriteModelSpecific(register);
        }

        IfTimeStampAux(() => WriteModelSpecific(TimeStampAux));
        c.mov(eax, ~Pattern);
        c.not(eax);
        c.mov(ecx, eax);
        c.shl(rcx, 32);
        c.or(rax, rcx);
        c.mov(cr2, rax);
        foreach (AssemblerRegisterDR register in _debug)
        {
            c.mov(register, rax);
        }

        foreach (AssemblerRegisterMM register in _media)
        {
            c.movq(register, rax);
        }

        foreach (AssemblerRegisterXMM register in _vectors)
        {
            c.movq(register, rax);
            c.punpcklqdq(register, register);
        }

        IfWide(() =>
        {
            for (int i = 0; i < _vectors.Length; i++)
            {
                c.vinsertf128(_wideVectors[i], _wideVectors[i], _vectors[i], 1);
            }
        });
        foreach (AssemblerRegister64 register in _general.Where(register => register != rax && register != rsp))
        {
            c.mov(register, rax);
        }
    }

    private void Fill(int begin, int end)
    {
        Assembler c = Assembler;
        c.mov(edi, begin);
        c.mov(ecx, (end - begin) / 4);
        c.mov(eax, ~Pattern);
        c.not(eax);
        c.rep.stosd();
    }

    /// <summary>The upper half stays zero: some hold addresses, which the pattern is none of.</summary>
    private void WriteModelSpecific(int register)
    {
        Assembler c = Assembler;
        c.mov(ecx, register);
        c.mov(eax, ~Pattern);
        c.not(eax);
        c.xor(edx, edx);
        c.wrmsr();
    }

    private void EmitRead(int memoryBytes)
    {
        Assembler c = Assembler;
        Label some = c.CreateLabel();
        for (int i = 0; i < _general.Length; i++)
        {
            c.mov(rax, __qword_ptr[Saved + (i * 8)]);
            Report(NameOf(_general[i]));
        }

        foreach (AssemblerRegisterDR register in _debug)
        {
            c.mov(rax, register);
            Report(NameOf(register));
        }

        c.mov(rax, cr2);
        Report("cr2");
        foreach ((string name, int register) in _modelSpecific)
        {
            ReadModelSpecific(name, register);
        }

        IfTimeStampAux(() => ReadModelSpecific("tsc-aux", TimeStampAux));
        ReadVectors();
        ReadMemory(memoryBytes);
        c.cmp(__qword_ptr[_found], 0);
        c.jne(some);
        _code.Print("secrets: none found\r\n");
        _code.PowerOff();
        _code.Mark(some);
        _code.Print("secrets: ");
        c.mov(rax, __qword_ptr[_found]);
        _code.PrintDecimal();
        _code.Print(" found\r\n");
    }

    private void ReadVectors()
    {
        Assembler c = Assembler;
        foreach (AssemblerRegisterMM register in _media)
        {
            c.movq(rax, register);
            Report(NameOf(register));
        }

        foreach (AssemblerRegisterXMM register in _vectors)
        {
            c.movups(__xmmword_ptr[_room], register);
            ReportRoom(0, NameOf(register));
        }

        IfWide(() =>
        {
            foreach (AssemblerRegisterYMM register in _wideVectors)
            {
                c.vmovups(__ymmword_ptr[_room], register);
                ReportRoom(16, NameOf(register));
            }
        });
    }

    private void ReadModelSpecific(string name, int register)
    {
        Assembler.mov(ecx, register);
        Assembler.rdmsr();
        Assembler.shl(rdx, 32);
        Assembler.or(rax, rdx);
        Report(name);
    }

    /// <summary>Finds the first piece of the pattern in all memory but the kernel's.</summary>
    private void ReadMemory(int memoryBytes)
    {
        Assembler c = Assembler;
        Label found = c.CreateLabel();
        Label end = c.CreateLabel();
        foreach ((int begin, int length) in ((int, int)[])
            [(LowMemory, LowMemoryEnd - LowMemory), (LongModeKernel.FreeMemory, memoryBytes - LongModeKernel.FreeMemory)])
        {
            c.mov(edi, begin);
            c.mov(ecx, length / 4);
            c.mov(eax, ~Pattern);
            c.not(eax);
            c.repne.scasd();
            c.je(found);
        }

        c.jmp(end);
        _code.Mark(found);
        c.inc(__qword_ptr[_found]);
        _code.Print($"secrets: {Memory}\r\nsecrets: at ");
        c.lea(rax, __[rdi - 4]);
        _code.PrintDecimal();
        _code.Print("\r\n");
        _code.Mark(end);
    }

    /// <summary>Reports a register of which 16 bytes lie in the room.</summary>
    private void ReportRoom(int offset, string name)
    {
        Assembler c = Assembler;
        Label second = c.CreateLabel();
        c.mov(rax, __qword_ptr[_room + offset]);
        c.call(_compare);
        c.je(second);
        c.mov(rax, __qword_ptr[_room + offset + 8]);
        c.call(_compare);
        _code.Mark(second);
        ReportEqual(name);
    }

    /// <summary>Says where it is if RAX has the pattern in one of its halves.</summary>
    private void Report(string name)
    {
        Assembler.call(_compare);
        ReportEqual(name);
    }

    private void ReportEqual(string name)
    {
        Label none = Assembler.CreateLabel();
        Assembler.jne(none);
        Assembler.inc(__qword_ptr[_found]);
        _code.Print($"secrets: {name}\r\n");
        _code.Mark(none);
    }

    private void EmitCompare()
    {
        Assembler c = Assembler;
        Label done = c.CreateLabel();
        c.mov(r11d, ~Pattern);
        c.not(r11d);
        c.cmp(eax, r11d);
        c.je(done);
        c.shr(rax, 32);
        c.cmp(eax, r11d);
        _code.Mark(done);
    }

    private void IfTimeStampAux(Action body)
    {
        Assembler c = Assembler;
        Label missing = c.CreateLabel();
        const int ReadWithIdentifier = 27;
        c.mov(eax, 0x8000_0001);
        c.cpuid();
        c.bt(edx, ReadWithIdentifier);
        c.jnc(missing);
        body();
        _code.Mark(missing);
    }

    private void IfWide(Action body)
    {
        Label missing = Assembler.CreateLabel();
        Assembler.cmp(__qword_ptr[_hasWideVectors], 0);
        Assembler.je(missing);
        body();
        _code.Mark(missing);
    }
}
