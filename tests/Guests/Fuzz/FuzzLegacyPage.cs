using System;
using System.IO;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>
/// A page of code that leaves long mode, starts an instruction in another mode and comes back from there: 32-bit code, and 16-bit code in
/// its upper half. It takes what it needs from the variables of a <see cref="FuzzLegacy"/>.
/// </summary>
internal sealed class FuzzLegacyPage
{
    private const int RealOffset = 0x800;
    private const int RealSegment = FuzzMemory.RealScratch >> 4;
    private const int Efer = unchecked((int)0xC000_0080);
    private const int EferWithoutLongMode = ~0x100;
    private const int WithoutPaging = 0x7FFF_FFFF;
    private const uint ApicVersion = 0xFEE0_0030;
    private const int PowerManagementTimer = 0x608;
    private const int ApicBase = 0x1B;

    private static readonly AssemblerRegister32[] _registers = [eax, ecx, edx, ebx, ebp, esi, edi];
    private static readonly AssemblerRegisterSegment[] _dataSegments = [ds, es, fs, gs];

    private readonly FuzzLegacy _step;
    private readonly byte[] _bytes = new byte[0x1000];

    public FuzzLegacyPage(FuzzLegacy step)
    {
        _step = step;
        Assembler c = new(32);
        Label leave = c.CreateLabel();
        Label back = c.CreateLabel();
        Label confined = c.CreateLabel();
        Label virtual8086 = c.CreateLabel();
        Label real = c.CreateLabel();
        EmitLeave(c, ref leave);
        EmitReturn(c, ref back);
        EmitConfined(c, ref confined);
        EmitVirtual(c, ref virtual8086);
        EmitReal(c, ref real);
        AssemblerResult result = Assemble(c, 0);
        Leave = (int)result.GetLabelRIP(leave);
        Return = (int)result.GetLabelRIP(back);
        Confined = (int)result.GetLabelRIP(confined);
        Virtual = (int)result.GetLabelRIP(virtual8086);
        Real = (int)result.GetLabelRIP(real);

        c = new Assembler(16);
        Label handler = c.CreateLabel();
        EmitRealMode(c, ref handler);
        RealHandler = (int)Assemble(c, RealOffset).GetLabelRIP(handler);
    }

    /// <summary>What is copied to <see cref="FuzzMemory.LegacyCode"/>.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Where 64-bit code goes to, with a selector of 32-bit code; EBX is one of the three below.</summary>
    public int Leave { get; }

    /// <summary>Protected mode, privilege level 3, in segments that hold scratch memory only.</summary>
    public int Confined { get; }

    /// <summary>Virtual 8086 mode.</summary>
    public int Virtual { get; }

    /// <summary>Real mode.</summary>
    public int Real { get; }

    /// <summary>Where every gate leads.</summary>
    public int Return { get; }

    /// <summary>Where every vector of real mode leads.</summary>
    public int RealHandler { get; }

    private AssemblerResult Assemble(Assembler c, int offset)
    {
        using MemoryStream code = new();
        AssemblerResult result = c.Assemble(
            new StreamCodeWriter(code), (ulong)(FuzzMemory.LegacyCode + offset), BlockEncoderOptions.ReturnNewInstructionOffsets);
        code.ToArray().CopyTo(_bytes, offset);
        return result;
    }

    private void EmitLeave(Assembler c, ref Label leave)
    {
        c.Label(ref leave);
        EmitFlatData(c);
        EmitPagingOff(c);
        c.mov(ecx, Efer);
        c.rdmsr();
        c.and(eax, EferWithoutLongMode);
        c.wrmsr();
        c.mov(eax, __dword_ptr[_step.Cr3]);
        c.mov(cr3, eax);
        c.mov(eax, __dword_ptr[_step.Cr4]);
        c.mov(cr4, eax);
        c.mov(eax, __dword_ptr[_step.Cr0]);
        c.mov(cr0, eax);
        c.lidt(__[_step.GatesPointer]);
        c.mov(esi, ebx);
        c.mov(eax, __dword_ptr[ApicVersion]);
        EmitExits(c);
        c.jmp(esi);
    }

    private void EmitReturn(Assembler c, ref Label back)
    {
        c.Label(ref back);
        EmitFlatData(c);
        EmitPagingOff(c);
        c.mov(eax, __dword_ptr[_step.Fuzz.SavedCr4]);
        c.mov(cr4, eax);
        c.mov(eax, LongModeKernel.TablesBegin);
        c.mov(cr3, eax);
        c.mov(ecx, Efer);
        c.mov(eax, __dword_ptr[_step.Fuzz.SavedEfer]);
        c.xor(edx, edx);
        c.wrmsr();
        c.mov(eax, __dword_ptr[_step.Fuzz.SavedCr0]);
        c.mov(cr0, eax);
        c.jmp(__fword_ptr[_step.BackPointer]);
    }

    private void EmitConfined(Assembler c, ref Label entry)
    {
        c.Label(ref entry);
        c.push(FuzzTables.ConfinedData);
        c.push(FuzzInstructions.StackOffset);
        c.push(__dword_ptr[_step.Flags]);
        c.push(FuzzTables.ConfinedCode);
        c.push(__dword_ptr[_step.Offset]);
        c.mov(eax, FuzzTables.ConfinedData);
        foreach (AssemblerRegisterSegment segment in _dataSegments)
        {
            c.mov(segment, ax);
        }

        for (int i = 0; i < _registers.Length; i++)
        {
            c.mov(_registers[i], __dword_ptr.ss[ValueOf(i)]);
        }

        c.iretd();
    }

    private void EmitVirtual(Assembler c, ref Label entry)
    {
        c.Label(ref entry);
        foreach (AssemblerRegisterSegment _ in _dataSegments)
        {
            c.push(RealSegment);
        }

        c.push(RealSegment);
        c.push(FuzzInstructions.StackOffset);
        c.push(__dword_ptr[_step.Flags]);
        c.push(RealSegment);
        c.push(__dword_ptr[_step.Offset]);
        for (int i = 0; i < _registers.Length; i++)
        {
            c.mov(_registers[i], __dword_ptr[ValueOf(i)]);
        }

        c.iretd();
    }

    private void EmitReal(Assembler c, ref Label entry)
    {
        c.Label(ref entry);
        c.lidt(__[_step.VectorsPointer]);
        c.mov(eax, FuzzTables.RealData);
        foreach (AssemblerRegisterSegment segment in _dataSegments)
        {
            c.mov(segment, ax);
        }

        c.mov(ss, ax);
        c.db([0xEA, .. BytesOf(FuzzMemory.LegacyCode + RealOffset), FuzzTables.RealCode, 0]);
    }

    private void EmitRealMode(Assembler c, ref Label handler)
    {
        // The code segment has the base of segment 0 already.
        c.mov(eax, cr0);
        c.and(al, 0xFE);
        c.mov(cr0, eax);
        EmitExits(c);
        c.mov(ax, RealSegment);
        foreach (AssemblerRegisterSegment segment in _dataSegments)
        {
            c.mov(segment, ax);
        }

        c.mov(ss, ax);
        c.mov(esp, FuzzInstructions.StackOffset);
        c.push(__word_ptr.cs[_step.Flags]);
        c.push(ax);
        c.push(__word_ptr.cs[_step.Offset]);
        for (int i = 0; i < _registers.Length; i++)
        {
            c.mov(_registers[i], __dword_ptr.cs[ValueOf(i)]);
        }

        c.iret();

        c.Label(ref handler);
        c.cli();
        c.mov(eax, cr0);
        c.or(al, 1);
        c.mov(cr0, eax);
        c.db([0x66, 0xEA, .. BytesOf(Return), FuzzTables.ProtectedCode, 0]);
    }

    /// <summary>Accesses that exit, whose instructions are to be measured in this mode.</summary>
    private static void EmitExits(Assembler c)
    {
        c.cpuid();
        c.mov(ecx, ApicBase);
        c.rdmsr();
        c.mov(edx, PowerManagementTimer);
        c.@in(eax, dx);
        c.wbinvd();
    }

    private void EmitFlatData(Assembler c)
    {
        c.mov(eax, FuzzTables.KernelData);
        c.mov(ds, ax);
        c.mov(es, ax);
        c.mov(ss, ax);
        c.mov(esp, _step.Fuzz.Memory.InterruptStackTop);
    }

    private static void EmitPagingOff(Assembler c)
    {
        c.mov(eax, cr0);
        c.and(eax, WithoutPaging);
        c.mov(cr0, eax);
    }

    private int ValueOf(int register) => _step.Fuzz.Values + (register * 8);

    private static byte[] BytesOf(int value) => BitConverter.GetBytes(value);
}
