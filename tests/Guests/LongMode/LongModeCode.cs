using System;
using System.Collections.Generic;
using System.IO;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.LongMode;

/// <summary>Code of a <see cref="LongModeKernel"/> while it is emitted: text, variables, interrupts and time.</summary>
public sealed class LongModeCode
{
    private const int PowerManagementTimer = 0x608;
    private const int TimerTicksPerMillisecond = 3580;
    private const int MasterPicMask = 0x21;
    private const int SlavePicMask = 0xA1;

    private readonly List<(Label Entry, Action Body)> _handlers = [];
    private readonly List<(Label Entry, Action Body)> _routines = [];
    private int _nextVariable = LongModeKernel.Variables;

    private LongModeCode() => Apic = new ApicCode(this);

    /// <summary>Emits instructions.</summary>
    public Assembler Assembler { get; } = new(64);

    /// <summary>The local APIC.</summary>
    public ApicCode Apic { get; }

    internal static byte[] Assemble(uint address, Action<LongModeCode> boot, Action<LongModeCode>? others)
    {
        LongModeCode code = new();
        Assembler c = code.Assembler;
        Label other = c.CreateLabel();
        code.Apic.EmitIdentifier();
        LongModeKernel.EmitStack(c);
        c.test(eax, eax);
        c.jne(other);
        boot(code);
        code.Mark(other);
        others?.Invoke(code);
        code.Stop();
        for (int i = 0; i < code._handlers.Count; i++)
        {
            code.EmitHandler(code._handlers[i].Entry, code._handlers[i].Body);
        }

        for (int i = 0; i < code._routines.Count; i++)
        {
            code.Mark(code._routines[i].Entry);
            code._routines[i].Body();
            c.ret();
        }

        using MemoryStream bytes = new();
        c.Assemble(new StreamCodeWriter(bytes), address);
        return bytes.ToArray();
    }

    /// <summary>Makes room in memory that every processor sees, zero at the start.</summary>
    /// <param name="bytes">How much.</param>
    /// <returns>Its address, a multiple of 8.</returns>
    public int Variable(int bytes = 8)
    {
        int address = _nextVariable;
        _nextVariable += (bytes + 7) & ~7;
        return _nextVariable <= LongModeKernel.VariablesEnd
            ? address
            : throw new InvalidOperationException("The variables of a kernel have no more room.");
    }

    /// <summary>Emits a routine, once and later, which returns to its caller at its end.</summary>
    public Label Routine(Action body)
    {
        Label entry = Assembler.CreateLabel();
        _routines.Add((entry, body));
        return entry;
    }

    /// <summary>Puts a label here; at another label too.</summary>
    public void Mark(Label label)
    {
        Assembler.Label(ref label);
        Assembler.nop();
    }

    /// <summary>Writes text to COM1; changes RAX and RDX.</summary>
    public void Print(string text) => GuestCode.Print(Assembler, text);

    /// <summary>Writes RAX to COM1 in decimal; changes RAX, RCX, RDX and RSI.</summary>
    public void PrintDecimal() => GuestCode.PrintDecimal(Assembler);

    /// <summary>Ends a line with RAX in decimal; changes RAX, RCX, RDX and RSI.</summary>
    public void PrintLine(string before)
    {
        Assembler.push(rax);
        Print(before);
        Assembler.pop(rax);
        PrintDecimal();
        Print("\r\n");
    }

    /// <summary>Does something several times; keeps the count in R15.</summary>
    public void Repeat(int rounds, Action body)
    {
        Label again = Assembler.CreateLabel();
        Assembler.mov(r15d, rounds);
        Mark(again);
        body();
        Assembler.dec(r15d);
        Assembler.jne(again);
    }

    /// <summary>Powers the machine off.</summary>
    public void PowerOff() => GuestCode.PowerOff(Assembler);

    /// <summary>Stops this processor for all but NMI.</summary>
    public void Stop()
    {
        Assembler c = Assembler;
        Label again = c.CreateLabel();
        Mark(again);
        c.cli();
        c.hlt();
        c.jmp(again);
    }

    /// <summary>Does nothing but take interrupts, for good.</summary>
    public void Idle()
    {
        Assembler c = Assembler;
        Label again = c.CreateLabel();
        Mark(again);
        c.sti();
        c.hlt();
        c.jmp(again);
    }

    /// <summary>RAX becomes the time-stamp counter; changes RDX.</summary>
    public void ReadCounter()
    {
        Assembler.rdtsc();
        Assembler.shl(rdx, 32);
        Assembler.or(rax, rdx);
    }

    /// <summary>Waits by the ACPI PM timer, whose rate is the same everywhere; changes RAX, RBX, RDX.</summary>
    /// <param name="milliseconds">How long, up to two minutes.</param>
    public void Delay(int milliseconds)
    {
        Assembler c = Assembler;
        Label again = c.CreateLabel();
        const int counterMask = 0xFF_FFFF;
        for (int left = milliseconds; left > 0; left -= 1000)
        {
            again = c.CreateLabel();
            c.mov(edx, PowerManagementTimer);
            c.@in(eax, dx);
            c.mov(ebx, eax);
            Mark(again);
            c.@in(eax, dx);
            c.sub(eax, ebx);
            c.and(eax, counterMask);
            c.cmp(eax, Math.Min(left, 1000) * TimerTicksPerMillisecond);
            c.jb(again);
        }
    }

    /// <summary>Leads a vector to code that does <paramref name="body"/> and goes back; it may change any register. Changes RAX.</summary>
    public void Gate(int vector, Action body)
    {
        Assembler c = Assembler;
        Label entry = c.CreateLabel();
        _handlers.Add((entry, body));
        int gate = LongModeKernel.InterruptTable + (vector * 16);
        const int present64BitInterruptGate = 0x8E00;
        c.lea(rax, __[entry]);
        c.mov(__word_ptr[gate], ax);
        c.mov(__word_ptr[gate + 2], LongModeKernel.CodeSelector);
        c.mov(__word_ptr[gate + 4], present64BitInterruptGate);
        c.shr(eax, 16);
        c.mov(__word_ptr[gate + 6], ax);
    }

    /// <summary>Lets this processor use the gates and its local APIC; the old interrupt controllers are silenced. Changes RAX and RSI.</summary>
    public void StartInterrupts()
    {
        Assembler c = Assembler;
        int pointer = Variable(16);
        c.mov(__word_ptr[pointer], 0x0FFF);
        c.mov(__dword_ptr[pointer + 2], LongModeKernel.InterruptTable);
        c.lidt(__[pointer]);
        c.mov(al, 0xFF);
        c.@out(MasterPicMask, al);
        c.@out(SlavePicMask, al);
        Apic.EmitEnable();
    }

    private void EmitHandler(Label entry, Action body)
    {
        Assembler c = Assembler;
        AssemblerRegister64[] registers = [rax, rcx, rdx, rbx, rbp, rsi, rdi, r8, r9, r10, r11, r12, r13, r14, r15];
        Mark(entry);
        foreach (AssemblerRegister64 register in registers)
        {
            c.push(register);
        }

        body();
        for (int i = registers.Length - 1; i >= 0; i--)
        {
            c.pop(registers[i]);
        }

        c.iretq();
    }
}
