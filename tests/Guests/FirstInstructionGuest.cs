using Ember.Guests.LongMode;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Reads the time-stamp counter with its first instruction, sleeps, says <c>first TSC</c> and powers off: others begin in between, so that they
/// do not wait for what it says. It fits into the least memory a machine can have.
/// </summary>
public static class FirstInstructionGuest
{
    private const int Mark = LongModeKernel.KeptPage;
    private const int TimerVector = 0x50;

    /// <summary>Of the APIC's timer: a tenth of a second or more.</summary>
    private const int SleepTicks = 100_000_000;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    public static byte[] Build() => LongModeKernel.Build(
        code =>
        {
            code.Gate(TimerVector, code.Apic.End);
            code.StartInterrupts();
            code.Apic.StartTimer(TimerVector);
            code.Assembler.mov(eax, SleepTicks);
            code.Apic.ArmTimer();
            code.Assembler.sti();
            code.Assembler.hlt();
            code.Assembler.cli();
            code.Assembler.mov(rax, __qword_ptr[Mark]);
            code.PrintLine("first ");
            code.PowerOff();
        },
        first: c =>
        {
            c.rdtsc();
            c.mov(__dword_ptr[Mark], eax);
            c.mov(__dword_ptr[Mark + 4], edx);
        });
}
