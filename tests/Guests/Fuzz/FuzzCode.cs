using System;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>What the steps of a <see cref="FuzzGuest"/> need: numbers, choices, the local APIC, and a processor put right behind
/// them.</summary>
internal sealed class FuzzCode
{
    /// <summary>The vector that gets a processor out of a loop.</summary>
    private const int TimerVector = 0xF0;
    private const int TimerCount = 20_000;

    private const int ApicBase = 0x1B;
    private const int X2ApicEnabled = 1 << 10;
    private const int Spurious = 0xF0;
    private const int TaskPriority = 0x80;
    private const int TimerEntry = 0x320;
    private const int TimerInitial = 0x380;
    private const int TimerDivide = 0x3E0;
    private const int EndOfInterrupt = 0xB0;
    private const int Efer = unchecked((int)0xC000_0080);
    private const int LongModeActive = 1 << 10;
    private const int NumericError = 1 << 5;
    private const int LongStar = unchecked((int)0xC000_0082);
    private const int CompatibilityStar = LongStar + 1;
    private const int SysenterCode = 0x174;
    private const int ResetDebugRegister7 = 0x400;
    private const int RegisterBytes = 16 * 8;

    private readonly LongModeCode _code;
    private readonly Label _random;
    private readonly Label _writeApic;
    private readonly Label _armTimer;
    private readonly int _state;

    public FuzzCode(LongModeCode code, FuzzMemory memory)
    {
        _code = code;
        Memory = memory;
        _state = code.Variable();
        Dirty = code.Variable();
        SavedEfer = code.Variable();
        SavedCr0 = code.Variable();
        SavedCr4 = code.Variable();
        Values = code.Variable(RegisterBytes);
        _random = code.Routine(EmitRandom);
        _writeApic = code.Routine(EmitWriteApic);
        _armTimer = code.Routine(EmitArmTimer);
    }

    public static AssemblerRegister64[] Registers { get; } = [rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];

    public FuzzMemory Memory { get; }

    /// <summary>Where SYSCALL leads.</summary>
    public Label SystemCall { get; set; }

    /// <summary>Not 0 when MSRs may need to be put right.</summary>
    public int Dirty { get; }

    /// <summary>What the general registers begin a random instruction with.</summary>
    public int Values { get; }

    public int SavedEfer { get; }

    public int SavedCr0 { get; }

    public int SavedCr4 { get; }

    public Assembler Assembler => _code.Assembler;

    public void Mark(Label label) => _code.Mark(label);

    /// <summary>The numbers of a step are its own, whatever the one before has come to.</summary>
    /// <param name="seed">Where the seed is.</param>
    /// <param name="step">Where the step's number is.</param>
    public void Seed(int seed, int step)
    {
        Assembler c = Assembler;
        const ulong multiplier = 0x9E37_79B9_7F4A_7C15;
        c.mov(rax, __qword_ptr[step]);
        c.mov(rcx, multiplier);
        c.imul(rax, rcx);
        c.add(rax, __qword_ptr[seed]);
        c.mov(rdx, rax);
        c.shr(rdx, 29);
        c.xor(rax, rdx);
        c.imul(rax, rcx);
        c.or(rax, 1);
        c.mov(__qword_ptr[_state], rax);
    }

    /// <summary>RAX becomes the next number; changes RCX.</summary>
    public void Random() => Assembler.call(_random);

    /// <summary>Does one of several things; each begins with RAX, RCX and RDX changed.</summary>
    public void OneOf(params Action[] bodies)
    {
        Assembler c = Assembler;
        Label end = c.CreateLabel();
        Random();
        c.shr(rax, 32);
        c.imul(rax, rax, bodies.Length);
        c.shr(rax, 32);
        c.mov(edx, eax);
        for (int i = 0; i < bodies.Length; i++)
        {
            Label other = c.CreateLabel();
            c.cmp(edx, i);
            c.jne(other);
            bodies[i]();
            c.jmp(end);
            Mark(other);
        }

        Mark(end);
    }

    /// <summary>Does something once in a while; changes RAX and RCX.</summary>
    /// <param name="rounds">Once in so many times: a power of two.</param>
    /// <param name="body">What.</param>
    public void Seldom(int rounds, Action body)
    {
        Label skip = Assembler.CreateLabel();
        Random();
        Assembler.shr(rax, 32);
        Assembler.and(eax, rounds - 1);
        Assembler.jne(skip);
        body();
        Mark(skip);
    }

    /// <summary>Registers become any numbers, half of them addresses of scratch memory. Changes RAX, RBX and RCX.</summary>
    public void RandomValues()
    {
        Assembler c = Assembler;
        Label value = c.CreateLabel();
        Label plain = c.CreateLabel();
        c.xor(ebx, ebx);
        Mark(value);
        Random();
        c.test(rax, rax);
        c.jns(plain);
        c.and(eax, FuzzMemory.ScratchLength - 0x1000);
        c.add(eax, Memory.Scratch);
        Mark(plain);
        c.mov(__qword_ptr[rbx + Values], rax);
        c.add(ebx, 8);
        c.cmp(ebx, RegisterBytes);
        c.jb(value);
    }

    /// <summary>Remembers what is restored.</summary>
    public void EmitStart()
    {
        Assembler c = Assembler;
        c.mov(rax, cr0);
        c.or(eax, NumericError);
        c.mov(__qword_ptr[SavedCr0], rax);
        c.mov(rax, cr4);
        c.mov(__qword_ptr[SavedCr4], rax);
        c.mov(ecx, Efer);
        c.rdmsr();
        c.and(eax, ~LongModeActive);
        c.mov(__dword_ptr[SavedEfer], eax);
        c.mov(__qword_ptr[Dirty], 1);
    }

    /// <summary>Puts right what a step may have left behind.</summary>
    public void EmitRestore()
    {
        Assembler c = Assembler;
        RestoreIfOther(cr0, SavedCr0);
        RestoreIfOther(cr4, SavedCr4);
        Label clean = c.CreateLabel();
        c.cmp(__qword_ptr[Dirty], 0);
        c.je(clean);
        c.mov(__qword_ptr[Dirty], 0);
        c.mov(eax, ResetDebugRegister7);
        c.mov(dr7, rax);
        WriteMsr(Efer, () => c.mov(eax, __dword_ptr[SavedEfer]));
        WriteMsr(SysenterCode, () => c.xor(eax, eax));
        WriteMsr(LongStar, () => c.lea(rax, __[SystemCall]));
        WriteMsr(CompatibilityStar, () => c.lea(rax, __[SystemCall]));
        c.mov(rax, Memory.Window | 0x83u);
        c.mov(__qword_ptr[Memory.WindowEntry], rax);
        c.mov(rax, cr3);
        c.mov(cr3, rax);
        Mark(clean);
    }

    /// <summary>Ends an interrupt of the local APIC and of the old controllers.</summary>
    public void EndInterrupt()
    {
        WriteApic(EndOfInterrupt, 0);
        WriteByte(0x20, 0x20);
        WriteByte(0xA0, 0x20);
    }

    /// <summary>Makes sure that what runs with interrupts on is interrupted soon, even while it is halted.</summary>
    public void ArmTimer() => Assembler.call(_armTimer);

    /// <summary>Masks LINT0 and LINT1, which may have been told to deliver NMIs.</summary>
    public void MaskLocalInterrupts()
    {
        WriteApic(0x350, 1 << 16);
        WriteApic(0x360, 1 << 16);
    }

    /// <summary>Masks what the interrupt controllers were told to deliver, and takes the local APIC out of x2APIC mode.</summary>
    public void QuietDevices()
    {
        Assembler c = Assembler;
        Label pin = c.CreateLabel();
        Label inXApic = c.CreateLabel();
        const int ioApicPage = unchecked((int)0xFEC0_0000);
        const int firstPin = 0x10;
        const int endOfPins = firstPin + (2 * 24);
        WriteByte(0x21, 0xFF);
        WriteByte(0xA1, 0xFF);
        c.mov(ebx, ioApicPage);
        c.mov(esi, firstPin);
        Mark(pin);
        c.mov(__dword_ptr[rbx], esi);
        c.mov(__dword_ptr[rbx + 0x10], 1 << 16);
        c.add(esi, 2);
        c.cmp(esi, endOfPins);
        c.jb(pin);

        c.mov(ecx, ApicBase);
        c.rdmsr();
        c.test(eax, X2ApicEnabled);
        c.je(inXApic);
        c.and(eax, ~0xC00);
        c.wrmsr();
        c.or(eax, 0x800);
        c.wrmsr();
        Mark(inXApic);
    }

    /// <summary>Changes RAX.</summary>
    public void WriteByte(int port, int value)
    {
        Assembler.mov(eax, value);
        Assembler.mov(edx, port);
        Assembler.@out(dx, al);
    }

    /// <summary>Writes a register of the local APIC in either mode; changes RAX, RCX, RDX, RSI and RDI.</summary>
    private void WriteApic(int register, int value)
    {
        Assembler.mov(esi, value);
        Assembler.mov(edi, register);
        Assembler.call(_writeApic);
    }

    /// <summary>Looks for the mode once: this is done often.</summary>
    private void EmitArmTimer()
    {
        const int enabledWithLastVector = 0x1FF;
        const int divideByOne = 0b1011;
        (int Register, int Value)[] values =
        [
            (Spurious, enabledWithLastVector), (TaskPriority, 0), (TimerEntry, TimerVector), (TimerDivide, divideByOne),
            (TimerInitial, TimerCount),
        ];
        Assembler c = Assembler;
        Label byMsr = c.CreateLabel();
        Label end = c.CreateLabel();
        c.mov(ecx, ApicBase);
        c.rdmsr();
        c.test(eax, X2ApicEnabled);
        c.jne(byMsr);
        c.mov(edx, FuzzMemory.ApicPage);
        foreach ((int register, int value) in values)
        {
            c.mov(__dword_ptr[rdx + register], value);
        }

        c.jmp(end);
        Mark(byMsr);
        c.xor(edx, edx);
        foreach ((int register, int value) in values)
        {
            c.mov(ecx, 0x800 + (register >> 4));
            c.mov(eax, value);
            c.wrmsr();
        }

        Mark(end);
    }

    private void EmitWriteApic()
    {
        Assembler c = Assembler;
        Label byMsr = c.CreateLabel();
        Label end = c.CreateLabel();
        c.mov(ecx, ApicBase);
        c.rdmsr();
        c.test(eax, X2ApicEnabled);
        c.jne(byMsr);
        c.mov(eax, FuzzMemory.ApicPage);
        c.mov(__dword_ptr[rax + rdi], esi);
        c.jmp(end);
        Mark(byMsr);
        c.mov(ecx, edi);
        c.shr(ecx, 4);
        c.add(ecx, 0x800);
        c.mov(eax, esi);
        c.xor(edx, edx);
        c.wrmsr();
        Mark(end);
    }

    private void RestoreIfOther(AssemblerRegisterCR register, int saved)
    {
        Assembler c = Assembler;
        Label same = c.CreateLabel();
        c.mov(rax, register);
        c.mov(rcx, __qword_ptr[saved]);
        c.cmp(rax, rcx);
        c.je(same);
        c.mov(register, rcx);
        Mark(same);
    }

    private void WriteMsr(int index, Action value)
    {
        Assembler.mov(ecx, index);
        value();
        Assembler.xor(edx, edx);
        Assembler.wrmsr();
    }

    /// <summary>Marsaglia's xorshift with 64 bits.</summary>
    private void EmitRandom()
    {
        Assembler c = Assembler;
        c.mov(rax, __qword_ptr[_state]);
        c.mov(rcx, rax);
        c.shl(rcx, 13);
        c.xor(rax, rcx);
        c.mov(rcx, rax);
        c.shr(rcx, 7);
        c.xor(rax, rcx);
        c.mov(rcx, rax);
        c.shl(rcx, 17);
        c.xor(rax, rcx);
        c.mov(__qword_ptr[_state], rax);
    }
}
