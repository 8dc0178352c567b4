using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Starts processors, has them exchange interrupts - around a ring, from one to all others, and NMIs - by the APIC's page and, where there
/// is one, by x2APIC, and passes a token around to see whether a processor's time-stamp counter is behind another's. Its last line is
/// <c>smp: 4 processors, 1420 ipis, tsc ok</c>, or <c>tsc 12 back</c>; a line with <c>stuck</c> says what never came.
/// </summary>
public sealed class SmpGuest
{
    private const int Rounds = 100;
    private const int NonMaskableRounds = 10;
    private const int NonMaskableVector = 2;
    private const int RingVector = 0x40;
    private const int BroadcastVector = 0x41;
    private const int SwitchVector = 0x42;
    private const int TokenVector = 0x43;

    private readonly LongModeCode _code;
    private readonly OtherProcessors _others;
    private readonly int _count;
    private readonly int _tokenRounds;
    private readonly int _ring;
    private readonly int _ringGoal;
    private readonly int _broadcasts;
    private readonly int _nonMaskable;
    private readonly int _switched;
    private readonly int _turn;
    private readonly int _last;
    private readonly int _backward;
    private readonly int _tokensDone;
    private readonly Label _exchange;
    private readonly Label _passTokens;

    private SmpGuest(LongModeCode code, int count, int tokenRounds)
    {
        _code = code;
        _others = new OtherProcessors(code, "smp");
        _count = count;
        _tokenRounds = tokenRounds;
        _ring = code.Variable();
        _ringGoal = code.Variable();
        _broadcasts = code.Variable();
        _nonMaskable = code.Variable();
        _switched = code.Variable();
        _turn = code.Variable();
        _last = code.Variable();
        _backward = code.Variable();
        _tokensDone = code.Variable();
        _exchange = code.Routine(EmitExchange);
        _passTokens = code.Routine(EmitPassTokens);
    }

    private Assembler Assembler => _code.Assembler;

    /// <summary>How many interrupts the last line counts for each way of sending them.</summary>
    /// <param name="count">Processors.</param>
    public static int InterruptsOf(int count) => (Rounds * ((2 * count) - 1)) + (count > 1 ? NonMaskableRounds : 0);

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="count">Processors, 1 to <see cref="LongModeKernel.MaximumProcessors"/>; more than there are never come.</param>
    /// <param name="tokenRounds">How often each gets the token.</param>
    public static byte[] Build(int count, int tokenRounds = 200)
    {
        SmpGuest? guest = null;
        return LongModeKernel.Build(
            code =>
            {
                guest = new SmpGuest(code, count, tokenRounds);
                guest.EmitBoot();
            },
            code =>
            {
                code.StartInterrupts();
                guest!._others.ReportStarted();
                code.Idle();
            });
    }

    private void EmitBoot()
    {
        Assembler c = Assembler;
        _code.Gate(NonMaskableVector, () => c.@lock.inc(__qword_ptr[_nonMaskable]));
        _code.Gate(RingVector, EmitRing);
        _code.Gate(BroadcastVector, () =>
        {
            c.@lock.inc(__qword_ptr[_broadcasts]);
            _code.Apic.End();
        });
        _code.Gate(SwitchVector, () =>
        {
            _code.Apic.End();
            _code.Apic.SwitchToX2Apic();
            c.@lock.inc(__qword_ptr[_switched]);
        });
        _code.Gate(TokenVector, () =>
        {
            _code.Apic.End();
            c.call(_passTokens);
        });
        _code.StartInterrupts();
        _others.Start(_count);
        _code.Print("smp: started\r\n");
        c.call(_exchange);
        _code.Print("smp: xapic done\r\n");
        EmitX2Apic();
        Broadcast(TokenVector);
        c.call(_passTokens);
        c.mov(r13d, _count);
        _others.WaitFor(_tokensDone, "processors with tokens");
        EmitResult();
        _code.PowerOff();
    }

    private void EmitX2Apic()
    {
        Assembler c = Assembler;
        Label missing = c.CreateLabel();
        const int X2ApicFeature = 21;
        c.mov(eax, 1);
        c.cpuid();
        c.bt(ecx, X2ApicFeature);
        c.jnc(missing);
        Broadcast(SwitchVector);
        c.mov(r13d, _count - 1);
        _others.WaitFor(_switched, "processors in x2APIC mode");
        _code.Apic.SwitchToX2Apic();
        _code.Apic.UseX2Apic();
        c.call(_exchange);
        _code.Print("smp: x2apic done\r\n");
        _code.Mark(missing);
    }

    private void EmitExchange()
    {
        Assembler c = Assembler;
        c.add(__qword_ptr[_ringGoal], Rounds * _count);
        c.mov(edi, 1 % _count);
        _code.Apic.Send(ApicCode.Fixed | RingVector);
        c.mov(r13, __qword_ptr[_ringGoal]);
        c.sti();
        _others.WaitFor(_ring, "interrupts around the ring");
        c.cli();
        _code.Repeat(Rounds, () =>
        {
            c.mov(r13, __qword_ptr[_broadcasts]);
            c.add(r13, _count - 1);
            Broadcast(BroadcastVector);
            _others.WaitFor(_broadcasts, "interrupts from one to the others");
        });
        if (_count > 1)
        {
            _code.Repeat(NonMaskableRounds, () =>
            {
                c.mov(r13, __qword_ptr[_nonMaskable]);
                c.inc(r13);
                c.mov(edi, _count - 1);
                _code.Apic.Send(ApicCode.NonMaskable);
                _others.WaitFor(_nonMaskable, "non-maskable interrupts");
            });
        }
    }

    /// <summary>Counts, and sends to the next processor unless that was the last.</summary>
    private void EmitRing()
    {
        Assembler c = Assembler;
        Label done = c.CreateLabel();
        _code.Apic.End();
        c.mov(eax, 1);
        c.@lock.xadd(__qword_ptr[_ring], rax);
        c.inc(rax);
        c.cmp(rax, __qword_ptr[_ringGoal]);
        c.jae(done);
        EmitNext();
        _code.Apic.Send(ApicCode.Fixed | RingVector);
        _code.Mark(done);
    }

    /// <summary>EDI becomes the identifier of the processor after this one.</summary>
    private void EmitNext()
    {
        Assembler c = Assembler;
        Label wrapped = c.CreateLabel();
        _code.Apic.ReadIdentifier();
        c.xor(edi, edi);
        c.inc(eax);
        c.cmp(eax, _count);
        c.je(wrapped);
        c.mov(edi, eax);
        _code.Mark(wrapped);
    }

    private void EmitPassTokens()
    {
        Assembler c = Assembler;
        Label wait = c.CreateLabel();
        Label mine = c.CreateLabel();
        Label fine = c.CreateLabel();
        EmitNext();
        _code.Apic.ReadIdentifier();
        c.mov(r8d, eax);
        _code.Repeat(_tokenRounds, () =>
        {
            _code.Mark(wait);
            c.cmp(__qword_ptr[_turn], r8);
            c.je(mine);
            c.pause();
            c.jmp(wait);
            _code.Mark(mine);
            c.lfence();
            c.mov(r10, __qword_ptr[_last]);
            _code.ReadCounter();
            c.mov(__qword_ptr[_last], rax);
            c.sub(r10, rax);
            c.jbe(fine);
            c.cmp(r10, __qword_ptr[_backward]);
            c.jbe(fine);
            c.mov(__qword_ptr[_backward], r10);
            _code.Mark(fine);
            c.mov(__qword_ptr[_turn], rdi);
        });
        c.@lock.inc(__qword_ptr[_tokensDone]);
    }

    private void EmitResult()
    {
        Assembler c = Assembler;
        Label back = c.CreateLabel();
        _code.Print($"smp: {_count} processors, ");
        c.mov(rax, __qword_ptr[_ring]);
        c.add(rax, __qword_ptr[_broadcasts]);
        c.add(rax, __qword_ptr[_nonMaskable]);
        _code.PrintDecimal();
        _code.Print(" ipis, tsc ");
        c.cmp(__qword_ptr[_backward], 0);
        c.jne(back);
        _code.Print("ok\r\n");
        _code.PowerOff();
        _code.Mark(back);
        c.mov(rax, __qword_ptr[_backward]);
        _code.PrintDecimal();
        _code.Print(" back\r\n");
    }

    private void Broadcast(int vector)
    {
        Assembler.xor(edi, edi);
        _code.Apic.Send(ApicCode.AllButSelf | ApicCode.Fixed | vector);
    }
}
