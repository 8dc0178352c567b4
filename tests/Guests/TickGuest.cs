using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Sleeps by the local APIC's timer, 10 ms at a time, and says how late it woke. Its first line is <c>tick period TSC</c>: what 10 ms are in ticks
/// of the time-stamp counter, measured with the ACPI PM timer. Then comes, for every 100 ticks, <c>tick NUMBER late TSC</c>: the largest lateness
/// of these; at its end it powers off.
/// </summary>
public sealed class TickGuest
{
    /// <summary>Ticks from one line to the next.</summary>
    public const int Group = 100;

    private const int TimerVector = 0x50;
    private const int PowerManagementTimer = 0x608;
    private const int PowerManagementTicks = 35_795;
    private const int CounterMask = 0xFF_FFFF;

    // Where a snapshot has its time-stamp counter, PM timer and APIC timer.
    private const int TimerOffset = 8;
    private const int ApicOffset = 16;
    private const int SnapshotLength = 24;

    private readonly LongModeCode _code;
    private readonly int _fired;
    private readonly int _before;
    private readonly int _after;

    private TickGuest(LongModeCode code)
    {
        _code = code;
        _fired = code.Variable();
        _before = code.Variable(SnapshotLength);
        _after = code.Variable(SnapshotLength);
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="ticks">After how many it powers off: a multiple of <see cref="Group"/>.</param>
    public static byte[] Build(int ticks) => LongModeKernel.Build(code => new TickGuest(code).Emit(ticks / Group));

    private void Emit(int groups)
    {
        Assembler c = Assembler;
        _code.Gate(TimerVector, () =>
        {
            c.mov(__dword_ptr[_fired], 1);
            _code.Apic.End();
        });
        _code.StartInterrupts();
        EmitCalibration();
        c.mov(rax, r12);
        _code.PrintLine("tick period ");
        Label group = c.CreateLabel();
        c.xor(ebp, ebp);
        _code.Mark(group);
        c.xor(r14d, r14d);
        _code.Repeat(Group, EmitTick);
        c.add(ebp, Group);
        _code.Print("tick ");
        c.mov(eax, ebp);
        _code.PrintDecimal();
        c.mov(rax, r14);
        _code.PrintLine(" late ");
        c.cmp(ebp, groups * Group);
        c.jb(group);
        _code.PowerOff();
    }

    /// <summary>Sleeps once; R14 becomes the lateness if that is larger.</summary>
    private void EmitTick()
    {
        Assembler c = Assembler;
        Label asleep = c.CreateLabel();
        Label fine = c.CreateLabel();
        c.mov(__dword_ptr[_fired], 0);
        _code.ReadCounter();
        c.lea(rbx, __[rax + r12]);
        c.mov(eax, r13d);
        _code.Apic.ArmTimer();
        _code.Mark(asleep);
        c.sti();
        c.hlt();
        c.cli();
        c.cmp(__dword_ptr[_fired], 0);
        c.je(asleep);
        _code.ReadCounter();
        c.sub(rax, rbx);
        c.jbe(fine);
        c.cmp(rax, r14);
        c.jbe(fine);
        c.mov(r14, rax);
        _code.Mark(fine);
    }

    /// <summary>R12 becomes 10 ms in ticks of the time-stamp counter, R13 in ticks of the APIC's timer.</summary>
    private void EmitCalibration()
    {
        const int duration = 50;
        Assembler c = Assembler;
        _code.Apic.StartTimer(TimerVector);
        c.mov(eax, -1);
        _code.Apic.ArmTimer();
        EmitSnapshot(_before);
        _code.Delay(duration);
        EmitSnapshot(_after);
        c.mov(ebx, __dword_ptr[_after + TimerOffset]);
        c.sub(ebx, __dword_ptr[_before + TimerOffset]);
        c.and(ebx, CounterMask);
        c.mov(rax, __qword_ptr[_after]);
        c.sub(rax, __qword_ptr[_before]);
        EmitScale(r12);
        c.mov(eax, __dword_ptr[_before + ApicOffset]);
        c.sub(eax, __dword_ptr[_after + ApicOffset]);
        EmitScale(r13);
    }

    private void EmitScale(AssemblerRegister64 result)
    {
        Assembler c = Assembler;
        c.imul(rax, rax, PowerManagementTicks);
        c.xor(edx, edx);
        c.div(rbx);
        c.mov(result, rax);
    }

    /// <summary>Reads the three clocks at one time: of several tries the one that took the shortest, since a virtual machine may be halted
    /// between two of them.</summary>
    private void EmitSnapshot(int place)
    {
        const int tries = 16;
        Assembler c = Assembler;
        Label longer = c.CreateLabel();
        c.mov(r8, -1);
        _code.Repeat(tries, () =>
        {
            longer = c.CreateLabel();
            _code.ReadCounter();
            c.mov(r9, rax);
            c.mov(edx, PowerManagementTimer);
            c.@in(eax, dx);
            c.mov(r10d, eax);
            _code.Apic.ReadTimer();
            c.mov(r11d, eax);
            _code.ReadCounter();
            c.sub(rax, r9);
            c.cmp(rax, r8);
            c.jae(longer);
            c.mov(r8, rax);
            c.mov(__qword_ptr[place], r9);
            c.mov(__qword_ptr[place + TimerOffset], r10);
            c.mov(__qword_ptr[place + ApicOffset], r11);
            _code.Mark(longer);
        });
    }
}
