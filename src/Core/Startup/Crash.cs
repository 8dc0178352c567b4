using System;
using System.Threading;
using Ember.Core.Boards;
using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Formats.Plans;
using Ember.Platform.Auditing;
using Ember.Platform.Faults;
using Ember.Platform.Processors;
using Ember.Platform.Text;

namespace Ember.Core.Startup;

/// <summary>The core's own end: a readable dump, time to read it, a reset.</summary>
internal static unsafe class Crash
{
    private const ulong SecondsBeforeReset = 5;

    /// <summary>When the clock was never measured: slower than any processor that has virtualization.</summary>
    private const ulong AssumedTscHertz = 2_000_000_000;

    /// <summary>How long the other processors are waited for: they may write a line that the dump would tear.</summary>
    private const int MostPolls = 1_000_000;

    private static BootInformation* _boot;

    /// <summary>Index of the processor that dumps, plus one; 0 while none has to.</summary>
    private static int _owner;

    private static int _stopped;

    /// <summary>Keeps what a dump needs to name functions.</summary>
    public static void Prepare(BootInformation* boot) => _boot = boot;

    /// <summary>Dumps and resets; never returns.</summary>
    public static void Report(FaultFrame* frame)
    {
        Begin();
        var control = new FaultControlRegisters
        {
            Cr0 = Cpu.ReadCr0(),
            Cr2 = Cpu.ReadCr2(),
            Cr3 = Cpu.ReadCr3(),
            Cr4 = Cpu.ReadCr4(),
        };
        HostProcessor* processor = HostProcessors.Current;
        Stack stack = processor->Stack;
        MemoryWindow stackWindow = stack.Contains(frame->Rsp)
            ? new MemoryWindow(frame->Rsp, new ReadOnlySpan<byte>((void*)frame->Rsp, (int)(stack.High - frame->Rsp)))
            : default;
        var image = new MemoryWindow((ulong)_boot->ImageBase, new ReadOnlySpan<byte>(_boot->ImageBase, (int)_boot->ImageSize));
        var sink = default(ConsoleSink);
        var scene = new FaultScene(image, SymbolTable.At(Cpu.SymbolTable()), stackWindow, processor->Index);
        FaultReport.Write(ref sink, in *frame, in control, scene);
        End("the core has crashed; note the lines above for the vendor"u8);
    }

    /// <summary>Says why and resets after a delay; never returns.</summary>
    public static void Stop(ReadOnlySpan<byte> reason)
    {
        Begin();
        End(reason);
    }

    /// <summary>
    /// Halts all other processors. On another one than the first that has something to report it is the NMI of that one, or a fault of
    /// its own which nobody will see: it halts. A fault while the first one dumps resets at once.
    /// </summary>
    [LoopBound(MostPolls, "counted by polls")]
    private static void Begin()
    {
        int self = HostProcessors.Count == 0 ? 1 : HostProcessors.Current->Index + 1;
        int owner = Interlocked.CompareExchange(ref _owner, self, 0);
        if (owner == self)
        {
            PowerControl.Reset();
        }

        if (owner != 0)
        {
            Interlocked.Increment(ref _stopped);
            Cpu.Halt();
        }

        HostProcessors.SendNonMaskableToOthers();
        for (int i = 0; i < MostPolls && Volatile.Read(ref _stopped) < HostProcessors.Count - 1; i++)
        {
            Cpu.Pause();
        }

        SystemConsole.BreakLock();
    }

    [LoopBound(SecondsBeforeReset * 1000 * uint.MaxValue, "ticks of a counter whose kilohertz have 32 bits, one a round at least")]
    private static void End(ReadOnlySpan<byte> reason)
    {
        Board.Show(BoardState.Crashed);
        SystemConsole.WriteLine(reason);
        LineBuffer line = default;
        line.Append("resetting in "u8);
        line.AppendDecimal(SecondsBeforeReset);
        line.Append(" s"u8);
        SystemConsole.WriteLine(line.Text);
        SystemConsole.Flush();
        ulong kilohertz = HostPhase.Processor.Timer.TscKilohertz;
        ulong end = Cpu.ReadTimeStampCounter() + (SecondsBeforeReset * (kilohertz == 0 ? AssumedTscHertz : kilohertz * 1000));
        while (Cpu.ReadTimeStampCounter() < end)
        {
            Cpu.Pause();
        }

        PowerControl.Reset();
    }

    /// <summary>Commits the fault a validation lab asked for in the plan.</summary>
    public static void Provoke(LabCrash crash)
    {
        switch (crash)
        {
            case LabCrash.InvalidOpcode:
                Cpu.RaiseInvalidOpcode();
                break;
            case LabCrash.PageFault:
                *(byte*)8 = 1;
                break;
            case LabCrash.StackOverflow:
                Cpu.OverflowStack((void*)HostPhase.Processor.Stack.Low);
                break;
            case LabCrash.CheckFailed:
                SystemConsole.WriteLine("lab"u8.Slice((int)crash));
                break;
        }
    }

    private struct ConsoleSink : ILineSink
    {
        public readonly void WriteLine(ReadOnlySpan<byte> text) => SystemConsole.WriteRawLine(text);
    }
}
