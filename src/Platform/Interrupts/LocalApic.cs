using System.Threading;

namespace Ember.Platform.Interrupts;

/// <summary>The processor's own local APIC through its xAPIC registers (AMD APM volume 2, chapter 16).</summary>
/// <param name="registers">Where they are mapped, uncached.</param>
public unsafe struct LocalApic(byte* registers)
{
    /// <summary>Where the registers are after reset, and where every firmware leaves them.</summary>
    public const ulong DefaultAddress = 0xFEE0_0000;

    private const uint TaskPriority = 0x80;
    private const uint EndOfInterruptRegister = 0xB0;
    private const uint SpuriousVector = 0xF0;
    private const uint TimerVector = 0x320;
    private const uint LocalInterrupt0 = 0x350;
    private const uint TimerInitialCount = 0x380;
    private const uint TimerCurrentCount = 0x390;
    private const uint TimerDivide = 0x3E0;
    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DivideBy1 = 0b1011;

    /// <summary>Counts left on the timer, for calibration.</summary>
    public readonly uint TimerCount => Read(TimerCurrentCount);

    /// <summary>APIC ID of this processor.</summary>
    public readonly byte Id => (byte)(Read(0x20) >> 24);

    /// <summary>Accepts every priority, delivers the timer on <paramref name="timerVector"/>, and nothing from the old 8259s.</summary>
    public readonly void Enable(byte timerVector, byte spuriousVector)
    {
        Write(SpuriousVector, SoftwareEnable | spuriousVector);
        Write(TaskPriority, 0);
        Write(LocalInterrupt0, Masked);
        Write(TimerDivide, DivideBy1);
        Write(TimerVector, timerVector);
    }

    /// <summary>Starts the one-shot timer; 0 stops it.</summary>
    public readonly void StartTimer(uint count) => Write(TimerInitialCount, count);

    public readonly void EndOfInterrupt() => Write(EndOfInterruptRegister, 0);

    private readonly uint Read(uint register) => Volatile.Read(ref *(uint*)(registers + register));

    private readonly void Write(uint register, uint value) => Volatile.Write(ref *(uint*)(registers + register), value);
}
