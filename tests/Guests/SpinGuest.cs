using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Processors that all want one spin lock all the time, also where there are more of them than the host has. Says
/// <c>spin done</c> when each had it often enough, or <c>spin lost</c> when two had it at once, and powers off.</summary>
public sealed class SpinGuest
{
    private const int Work = 200;

    private readonly LongModeCode _code;
    private readonly OtherProcessors _others;
    private readonly int _go;
    private readonly int _lock;
    private readonly int _counter;
    private readonly int _finished;
    private readonly Label _work;

    private SpinGuest(LongModeCode code, int rounds)
    {
        _code = code;
        _others = new OtherProcessors(code, "spin");
        _go = code.Variable();
        _lock = code.Variable();
        _counter = code.Variable();
        _finished = code.Variable();
        _work = code.Routine(() => EmitWork(rounds));
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="count">Processors, 1 to <see cref="LongModeKernel.MaximumProcessors"/>.</param>
    /// <param name="rounds">How often each takes the lock.</param>
    public static byte[] Build(int count, int rounds = 1000)
    {
        SpinGuest? guest = null;
        return LongModeKernel.Build(
            code =>
            {
                guest = new SpinGuest(code, rounds);
                guest.EmitBoot(count, rounds);
            },
            _ => guest!.EmitOther());
    }

    private void EmitBoot(int count, int rounds)
    {
        Assembler c = Assembler;
        Label lost = c.CreateLabel();
        _code.StartInterrupts();
        _others.Start(count);
        c.mov(__dword_ptr[_go], 1);
        c.call(_work);
        c.mov(r13d, count);
        _others.WaitFor(_finished, "processors that had the lock");
        c.cmp(__qword_ptr[_counter], count * rounds);
        c.jne(lost);
        _code.Print("spin done\r\n");
        _code.PowerOff();
        _code.Mark(lost);
        _code.Print("spin lost\r\n");
        _code.PowerOff();
    }

    private void EmitOther()
    {
        Assembler c = Assembler;
        Label wait = c.CreateLabel();
        _others.ReportStarted();
        _code.Mark(wait);
        c.pause();
        c.cmp(__dword_ptr[_go], 0);
        c.je(wait);
        c.call(_work);
        _code.Stop();
    }

    private void EmitWork(int rounds)
    {
        Assembler c = Assembler;
        Label wait = c.CreateLabel();
        Label take = c.CreateLabel();
        Label work = c.CreateLabel();
        _code.Repeat(rounds, () =>
        {
            c.jmp(take);
            _code.Mark(wait);
            c.pause();
            c.cmp(__dword_ptr[_lock], 0);
            c.jne(wait);
            _code.Mark(take);
            c.mov(eax, 1);
            c.xchg(__dword_ptr[_lock], eax);
            c.test(eax, eax);
            c.jne(wait);
            c.mov(rbx, __qword_ptr[_counter]);
            c.mov(ecx, Work);
            _code.Mark(work);
            c.dec(ecx);
            c.jne(work);
            c.inc(rbx);
            c.mov(__qword_ptr[_counter], rbx);
            c.mov(__dword_ptr[_lock], 0);
        });
        c.@lock.inc(__qword_ptr[_finished]);
    }
}
