using Ember.Guests.LongMode;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace Ember.Guests.Fuzz;

/// <summary>
/// Does what no guest should, one random thing a step: instructions of random bytes in every mode, ports, MSRs, control registers, device
/// registers, interrupts to itself and to its second processor, entries of page tables, instructions of virtualization; and ends its
/// machine
/// now and then in every way there is. Says <c>fuzz: seed S</c> at its start, <c>fuzz: step N</c> every <see cref="StepsPerLine"/>
/// steps, and
/// never ends. Seed and number of a step decide what that step does.
/// </summary>
public static class FuzzGuest
{
    /// <summary>Steps from one line to the next.</summary>
    public const int StepsPerLine = 1 << 12;

    /// <summary>How many steps there are to one that ends the machine.</summary>
    public const int StepsPerEnd = 1 << 16;

    /// <summary>What a line begins with that says which step it is at.</summary>
    public const string Progress = "fuzz: step ";

    /// <summary>The kernel, for boot <c>pvh</c>.</summary>
    /// <param name="options">What it does.</param>
    public static byte[] Build(FuzzOptions options)
    {
        FuzzProcessor? second = null;
        OtherProcessors? others = null;
        return LongModeKernel.Build(
            code =>
            {
                int keptSeed = code.Variable();
                int ready = code.Variable();
                others = new OtherProcessors(code, "fuzz");
                second = new FuzzProcessor(code, 1, options, keptSeed, ready);
                EmitSeed(code, options.Seed, keptSeed);
                others.Start(options.Processors);
                new FuzzProcessor(code, 0, options, keptSeed, ready).Emit();
            },
            code =>
            {
                others!.ReportStarted();
                second!.Emit();
            });
    }

    private static void EmitSeed(LongModeCode code, ulong? seed, int kept)
    {
        Assembler c = code.Assembler;
        if (seed is { } value)
        {
            c.mov(rax, value);
        }
        else
        {
            code.ReadCounter();
        }

        c.mov(__qword_ptr[kept], rax);
        code.PrintLine("fuzz: seed ");
    }
}
