using Ember.Platform.Interrupts;
using Ember.Platform.Processors;

namespace Ember.Platform.Time;

/// <summary>Measures the time-stamp counter and the local APIC timer against the 8254, which every PC has.</summary>
public static class TscCalibration
{
    /// <summary>The 8254's input clock, Hz.</summary>
    private const ulong PitFrequency = 1_193_182;

    /// <summary>Counts between the two samples: a fiftieth of a second.</summary>
    private const uint Interval = 23_864;

    private const ushort PitChannel2 = 0x42;
    private const ushort PitCommand = 0x43;
    private const ushort SystemControlB = 0x61;
    private const byte Channel2Mode0 = 0b1011_0000;
    private const byte LatchChannel2 = 0b1000_0000;
    private const byte GateOn = 1;
    private const byte Channel2Output = 1 << 5;

    /// <summary>Of what is read of it, this is written; speaker and gate are off (Intel's ICH data sheets, NMI status and control).</summary>
    private const byte SystemControlKept = 0b1100;

    private const uint MostPolls = 1_000_000;
    private const int Attempts = 16;

    /// <summary>
    /// Reads all three clocks twice, a fiftieth of a second apart (8254 data sheet, mode 0 and counter latch). Where the processor was
    /// taken away for so long that the 8254 has started over, it begins again.
    /// </summary>
    /// <param name="apic">An enabled local APIC whose timer is free.</param>
    /// <param name="tscHertz">Time-stamp counts a second.</param>
    /// <param name="apicTimerHertz">Timer counts a second at divisor 1.</param>
    /// <returns>False when the 8254 does not count.</returns>
    public static bool TryMeasure(in LocalApic apic, out ulong tscHertz, out ulong apicTimerHertz)
    {
        bool measured;
        bool overran;
        int attempts = 0;
        do
        {
            measured = TryMeasure(in apic, out tscHertz, out apicTimerHertz, out overran);
        }
        while (!measured && overran && ++attempts != Attempts);
        return measured;
    }

    private static bool TryMeasure(in LocalApic apic, out ulong tscHertz, out ulong apicTimerHertz, out bool overran)
    {
        byte control = (byte)(Cpu.In8(SystemControlB) & SystemControlKept);
        Cpu.Out8(SystemControlB, control);
        Cpu.Out8(PitCommand, Channel2Mode0);
        Cpu.Out8(PitChannel2, 0xFF);
        Cpu.Out8(PitChannel2, 0xFF);
        Cpu.Out8(SystemControlB, (byte)(control | GateOn));
        apic.StartTimer(uint.MaxValue);

        Sample first = Take(in apic);
        Sample last = first;
        uint polls = 0;
        while ((uint)(first.Pit - last.Pit) < Interval && ++polls != MostPolls)
        {
            last = TakeOnce(in apic);
        }

        last = Take(in apic);
        bool finished = (Cpu.In8(SystemControlB) & Channel2Output) != 0;
        apic.StartTimer(0);
        Cpu.Out8(SystemControlB, control);
        uint counts = (uint)(first.Pit - last.Pit);
        overran = polls != MostPolls && (finished || counts < Interval);
        bool measured = !finished && counts >= Interval;
        tscHertz = measured ? (last.Tsc - first.Tsc) * PitFrequency / counts : 0;
        apicTimerHertz = measured ? (first.ApicTimer - last.ApicTimer) * PitFrequency / counts : 0;
        return measured;
    }

    /// <summary>The sample of several that took least time: where nothing came between its readings.</summary>
    private static Sample Take(in LocalApic apic)
    {
        Sample best = TakeOnce(in apic);
        for (int i = 1; i < Attempts; i++)
        {
            Sample sample = TakeOnce(in apic);
            if (sample.Uncertainty < best.Uncertainty)
            {
                best = sample;
            }
        }

        return best;
    }

    private static Sample TakeOnce(in LocalApic apic)
    {
        Sample sample;
        ulong before = Cpu.ReadTimeStampCounter();
        Cpu.Out8(PitCommand, LatchChannel2);
        sample.ApicTimer = apic.TimerCount;
        sample.Tsc = Cpu.ReadTimeStampCounter();
        sample.Uncertainty = sample.Tsc - before;
        int low = Cpu.In8(PitChannel2);
        sample.Pit = low | (Cpu.In8(PitChannel2) << 8);
        return sample;
    }

    private struct Sample
    {
        public ulong Tsc;
        public ulong Uncertainty;
        public uint ApicTimer;
        public int Pit;
    }
}
