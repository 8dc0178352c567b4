using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>Counts as fast as it can and never ends: says <c>busy</c> at its start and <c>busy COUNT</c> now and then, so that the counts of
/// several tell which share of a processor each had.</summary>
public static class BusyGuest
{
    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="interval">Ticks of the time-stamp counter from one line to the next.</param>
    public static byte[] Build(long interval = 1_000_000_000) => LongModeKernel.Build(code =>
    {
        Assembler c = code.Assembler;
        Label count = c.CreateLabel();
        Label next = c.CreateLabel();
        code.Print("busy\r\n");
        c.xor(ebx, ebx);
        code.Mark(next);
        code.ReadCounter();
        c.mov(rdi, interval);
        c.lea(r14, __[rax + rdi]);
        code.Mark(count);
        c.inc(rbx);
        c.test(bl, bl);
        c.jne(count);
        code.ReadCounter();
        c.cmp(rax, r14);
        c.jb(count);
        c.mov(rax, rbx);
        code.PrintLine("busy ");
        c.jmp(next);
    });
}
