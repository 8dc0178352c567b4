using Ember.Platform.Interrupts;
using Ember.Platform.Processors;

namespace Ember.Platform.Time;

/// <summary>Measures the time-stamp counter and the local APIC timer against a clock of known frequency.</summary>
public static class TscCalibration
{
    /// <summary>The 8254's input clock, Hz.</summary>
    private const ulong PitFrequency = 1_193_182;

    /// <summary>How long is measured: 1/100 of a second.</summary>
    private const ushort PitCount = 11_932;

    private const ushort PitChannel2 = 0x42;
    private const ushort PitCommand = 0x43;
    private const ushort SystemControlB = 0x61;
    private const byte Channel2Mode0 = 0b1011_0000;
    private const byte GateOn = 1;
    private const byte SpeakerOn = 2;
    private const byte OutputHigh = 1 << 5;
    private const uint MostPolls = 100_000_000;

    /// <summary>Counts both during one run of the 8254's channel 2, which every PC has (8254 data sheet, mode 0).</summary>
    /// <param name="apic">An enabled local APIC whose timer is free.</param>
    /// <param name="tscHertz">Time-stamp counts a second.</param>
    /// <param name="apicTimerHertz">Timer counts a second at divisor 1.</param>
    /// <returns>False when the 8254 never finished.</returns>
    public static bool TryMeasure(in LocalApic apic, out ulong tscHertz, out ulong apicTimerHertz)
    {
        byte control = (byte)(Cpu.In8(SystemControlB) & ~(SpeakerOn | GateOn));
        Cpu.Out8(SystemControlB, control);
        Cpu.Out8(PitCommand, Channel2Mode0);
        Cpu.Out8(PitChannel2, PitCount & 0xFF);
        Cpu.Out8(PitChannel2, PitCount >> 8);
        Cpu.Out8(SystemControlB, (byte)(control | GateOn));
        ulong start = Cpu.ReadTimeStampCounter();
        apic.StartTimer(uint.MaxValue);
        uint polls = 0;
        while ((Cpu.In8(SystemControlB) & OutputHigh) == 0 && ++polls != MostPolls)
        {
        }

        uint timer = apic.TimerElapsed;
        ulong ticks = Cpu.ReadTimeStampCounter() - start;
        apic.StartTimer(0);
        Cpu.Out8(SystemControlB, control);
        tscHertz = ticks * PitFrequency / PitCount;
        apicTimerHertz = timer * PitFrequency / PitCount;
        return polls != MostPolls;
    }
}
