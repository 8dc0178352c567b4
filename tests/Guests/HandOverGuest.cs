using System.Collections.Generic;
using System.Globalization;
using System.Text.RegularExpressions;
using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests;

/// <summary>
/// Counts what it costs when a physical processor passes from one virtual processor to another, from the one's last instruction to
/// the other's first, with all that causes it. Two processors share one: the first sends the second, which has halted, an interrupt,
/// and goes on when that has halted again. Prints lines "hand-over NAME TICKS", ticks for <see cref="Rounds"/> of them.
/// </summary>
public static partial class HandOverGuest
{
    /// <summary>Hand-overs of each kind.</summary>
    public const int Rounds = 100;

    /// <summary>The name of the way from the interrupt command to the handler of the processor that it wakes.</summary>
    public const string Wake = "wake";

    /// <summary>The name of the way from the end of that handler over HLT to the processor that sent the interrupt.</summary>
    public const string Halt = "halt";

    private const int Vector = 0x40;
    private const int CommandMsr = 0x830;

    /// <summary>The kernel, for boot <c>pvh</c> and two processors.</summary>
    public static byte[] Build()
    {
        OtherProcessors? others = null;
        return LongModeKernel.Build(
            code =>
            {
                others = new OtherProcessors(code, "hand-over");
                EmitBoot(code, others);
            },
            code =>
            {
                code.StartInterrupts();
                code.Apic.SwitchToX2Apic();
                others!.ReportStarted();
                code.Idle();
            });
    }

    /// <summary>The ticks of one hand-over, by its name.</summary>
    /// <param name="lines">Every line of the machine.</param>
    public static IReadOnlyDictionary<string, double> Read(IEnumerable<string> lines)
    {
        Dictionary<string, double> costs = [];
        foreach (string line in lines)
        {
            Match match = Result().Match(line);
            if (match.Success)
            {
                costs[match.Groups["name"].Value] =
                    double.Parse(match.Groups["ticks"].Value, CultureInfo.InvariantCulture) / Rounds;
            }
        }

        return costs;
    }

    private static void EmitBoot(LongModeCode code, OtherProcessors others)
    {
        Assembler c = code.Assembler;
        int arrived = code.Variable();
        int left = code.Variable();
        int count = code.Variable();
        int wake = code.Variable();
        int halt = code.Variable();
        Label round = code.Routine(() => EmitRound(code, arrived, left, count, wake, halt));
        code.Gate(Vector, () =>
        {
            code.ReadCounter();
            c.mov(__qword_ptr[arrived], rax);
            code.Apic.End();
            c.inc(__qword_ptr[count]);
            code.ReadCounter();
            c.mov(__qword_ptr[left], rax);
        });
        code.StartInterrupts();
        others.Start(2);
        code.Apic.SwitchToX2Apic();
        code.Apic.UseX2Apic();

        // The first time it may not have halted yet.
        c.call(round);
        c.mov(__qword_ptr[wake], 0);
        c.mov(__qword_ptr[halt], 0);
        code.Repeat(Rounds, () => c.call(round));
        Print(code, Wake, wake);
        Print(code, Halt, halt);
        code.PowerOff();
    }

    private static void EmitRound(LongModeCode code, int arrived, int left, int count, int wake, int halt)
    {
        Assembler c = code.Assembler;
        Label again = c.CreateLabel();
        c.mov(r13, __qword_ptr[count]);
        c.inc(r13);
        code.ReadCounter();
        c.mov(r14, rax);
        c.mov(eax, ApicCode.Fixed | Vector);
        c.mov(edx, 1);
        c.mov(ecx, CommandMsr);
        c.wrmsr();
        code.Mark(again);
        code.ReadCounter();
        c.mov(r12, rax);
        c.cmp(__qword_ptr[count], r13);
        c.jb(again);
        c.sub(r12, __qword_ptr[left]);
        c.add(__qword_ptr[halt], r12);
        c.mov(rax, __qword_ptr[arrived]);
        c.sub(rax, r14);
        c.add(__qword_ptr[wake], rax);
    }

    private static void Print(LongModeCode code, string name, int variable)
    {
        code.Assembler.mov(rax, __qword_ptr[variable]);
        code.PrintLine($"hand-over {name} ");
    }

    [GeneratedRegex("^hand-over (?<name>[a-z]+) (?<ticks>[0-9]+)$")]
    private static partial Regex Result();
}
