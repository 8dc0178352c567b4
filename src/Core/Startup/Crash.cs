using System;
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

    private static BootInformation* _boot;
    private static bool _crashed;

    /// <summary>Keeps what a dump needs to name functions.</summary>
    public static void Prepare(BootInformation* boot) => _boot = boot;

    /// <summary>Dumps and resets; never returns.</summary>
    public static void Report(FaultFrame* frame)
    {
        if (_crashed)
        {
            PowerControl.Reset();
        }

        _crashed = true;
        var control = new FaultControlRegisters
        {
            Cr0 = Cpu.ReadCr0(),
            Cr2 = Cpu.ReadCr2(),
            Cr3 = Cpu.ReadCr3(),
            Cr4 = Cpu.ReadCr4(),
        };
        Stack stack = HostPhase.Processor.Stack;
        MemoryWindow stackWindow = stack.Contains(frame->Rsp)
            ? new MemoryWindow(frame->Rsp, new ReadOnlySpan<byte>((void*)frame->Rsp, (int)(stack.High - frame->Rsp)))
            : default;
        var image = new MemoryWindow((ulong)_boot->ImageBase, new ReadOnlySpan<byte>(_boot->ImageBase, (int)_boot->ImageSize));
        var sink = default(ConsoleSink);
        FaultReport.Write(ref sink, in *frame, in control, new FaultScene(image, SymbolTable.At(Cpu.SymbolTable()), stackWindow));
        Stop("the core has crashed; note the lines above for the vendor"u8);
    }

    /// <summary>Says why and resets after a delay; never returns.</summary>
    [LoopBound(SecondsBeforeReset * 1000 * uint.MaxValue, "ticks of a counter whose kilohertz have 32 bits, one a round at least")]
    public static void Stop(ReadOnlySpan<byte> reason)
    {
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
