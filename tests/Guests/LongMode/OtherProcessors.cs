using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.LongMode;

/// <summary>The processors beside the boot processor: how they are started and waited for.</summary>
/// <param name="code">The kernel's code.</param>
/// <param name="name">Begins the line that says what did not come.</param>
public sealed class OtherProcessors(LongModeCode code, string name)
{
    private readonly int _started = code.Variable();

    /// <summary>Says that this processor runs.</summary>
    public void ReportStarted() => code.Assembler.@lock.inc(__qword_ptr[_started]);

    /// <summary>Starts the processors 1 to <paramref name="count"/> - 1 by INIT and two start-up IPIs, the second of which a processor
    /// that runs ignores; waits for each. Changes every register.</summary>
    public void Start(int count)
    {
        Assembler c = code.Assembler;
        ReportStarted();
        Label next = c.CreateLabel();
        Label done = c.CreateLabel();
        c.mov(r12d, 1);
        code.Mark(next);
        c.cmp(r12d, count);
        c.jae(done);
        Command(ApicCode.Init);
        code.Delay(10);
        Command(ApicCode.Startup | LongModeKernel.StartupVector);
        code.Delay(1);
        Command(ApicCode.Startup | LongModeKernel.StartupVector);
        c.lea(r13d, __[r12 + 1]);
        WaitFor(_started, "started processors");
        c.inc(r12d);
        c.jmp(next);
        code.Mark(done);
    }

    /// <summary>Waits until a variable is R13 or more; when that takes minutes, says so and powers off. Changes RAX, RBX, RDX and RDI.</summary>
    /// <param name="variable">Its address.</param>
    /// <param name="what">What it counts.</param>
    public void WaitFor(int variable, string what)
    {
        const long patience = 200_000_000_000;
        Assembler c = code.Assembler;
        Label again = c.CreateLabel();
        Label done = c.CreateLabel();
        code.ReadCounter();
        c.mov(rdi, patience);
        c.lea(rbx, __[rax + rdi]);
        code.Mark(again);
        c.cmp(__qword_ptr[variable], r13);
        c.jae(done);
        c.pause();
        code.ReadCounter();
        c.cmp(rax, rbx);
        c.jb(again);
        code.Print($"{name}: stuck with ");
        c.mov(rax, __qword_ptr[variable]);
        code.PrintDecimal();
        code.Print(" of ");
        c.mov(rax, r13);
        code.PrintDecimal();
        code.Print($" {what}\r\n");
        code.PowerOff();
        code.Mark(done);
    }

    private void Command(int command)
    {
        code.Assembler.mov(edi, r12d);
        code.Apic.Send(command);
    }
}
