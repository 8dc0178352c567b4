using System.Threading;
using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Platform.Interrupts;

/// <summary>
/// The processor's own local APIC, through its xAPIC registers or in x2APIC mode through MSRs (AMD APM volume 2, chapter 16; Intel
/// SDM volume 3, chapter 10). The same value serves every processor: each reaches its own with it.
/// </summary>
/// <param name="registers">Where the xAPIC registers are mapped, uncached; null for x2APIC mode.</param>
public readonly unsafe struct LocalApic(byte* registers)
{
    /// <summary>Where the registers are after reset, and where every firmware leaves them.</summary>
    public const ulong DefaultAddress = 0xFEE0_0000;

    /// <summary>The highest APIC ID that xAPIC can send to: 255 is everybody.</summary>
    public const uint HighestShortId = 254;

    private const uint ExtendedModeFeature = 1 << 21;
    private const ulong ExtendedMode = 3UL << 10;
    private const ulong ExtendedModeOn = 1UL << 10;
    private const uint IdRegister = 0x20;
    private const uint TaskPriority = 0x80;
    private const uint EndOfInterruptRegister = 0xB0;
    private const uint SpuriousVector = 0xF0;
    private const uint CommandLow = 0x300;
    private const uint CommandHigh = 0x310;
    private const uint TimerVector = 0x320;
    private const uint LocalInterrupt0 = 0x350;
    private const uint TimerInitialCount = 0x380;
    private const uint TimerCurrentCount = 0x390;
    private const uint TimerDivide = 0x3E0;
    private const uint SoftwareEnable = 1 << 8;
    private const uint Masked = 1 << 16;
    private const uint DivideBy1 = 0b1011;
    private const uint Assert = 1 << 14;
    private const uint NonMaskable = (4 << 8) | Assert;
    private const uint Init = (5 << 8) | Assert;
    private const uint Start = (6 << 8) | Assert;
    private const uint Sending = 1 << 12;
    private const int MostPolls = 100_000;

    /// <summary>Whether x2APIC mode is on: APIC IDs have 32 bits then.</summary>
    public bool IsExtended => registers == null;

    /// <summary>Counts left on the timer, for calibration.</summary>
    public uint TimerCount => Read(TimerCurrentCount);

    /// <summary>APIC ID of this processor.</summary>
    public uint Id => IsExtended ? Read(IdRegister) : Read(IdRegister) >> 24;

    /// <summary>
    /// The local APIC in the mode that the machine needs: x2APIC where the firmware left it on, because there is no way back but
    /// through a reset, or where APIC IDs need it; else xAPIC.
    /// </summary>
    /// <param name="longIds">Whether some processor has an APIC ID above <see cref="HighestShortId"/>.</param>
    public static LocalApic Choose(bool longIds)
    {
        bool extended = (Cpu.Cpuid(1).Ecx & ExtendedModeFeature) != 0
            && (longIds || (Cpu.ReadMsr(ModelSpecificRegister.ApicBase) & ExtendedModeOn) != 0);
        return new LocalApic(extended ? null : (byte*)DefaultAddress);
    }

    /// <summary>Accepts every priority, delivers the timer on <paramref name="timerVector"/>, and nothing from the old 8259s.</summary>
    public void Enable(byte timerVector, byte spuriousVector)
    {
        if (IsExtended)
        {
            Cpu.WriteMsr(ModelSpecificRegister.ApicBase, Cpu.ReadMsr(ModelSpecificRegister.ApicBase) | ExtendedMode);
        }

        Write(SpuriousVector, SoftwareEnable | spuriousVector);
        Write(TaskPriority, 0);
        Write(LocalInterrupt0, Masked);
        Write(TimerDivide, DivideBy1);
        Write(TimerVector, timerVector);
    }

    /// <summary>Starts the one-shot timer; 0 stops it.</summary>
    public void StartTimer(uint count) => Write(TimerInitialCount, count);

    public void EndOfInterrupt() => Write(EndOfInterruptRegister, 0);

    /// <summary>Interrupts another processor.</summary>
    public void Send(uint target, byte vector) => Command(target, Assert | vector);

    /// <summary>Sends another processor an NMI.</summary>
    public void SendNonMaskable(uint target) => Command(target, NonMaskable);

    /// <summary>Resets another processor, which then waits for <see cref="SendStart"/>.</summary>
    public void SendInit(uint target) => Command(target, Init);

    /// <summary>Starts a processor that waits after INIT, in real mode at the start of a page below 1 MiB.</summary>
    public void SendStart(uint target, ulong page) => Command(target, Start | (uint)(page >> 12));

    /// <summary>
    /// Writes the interrupt command register. In xAPIC mode the one before may still be on its way; if it never arrives, this one
    /// replaces it, and whoever waits for an answer finds out.
    /// </summary>
    [LoopBound(MostPolls, "counted by polls")]
    private void Command(uint target, uint command)
    {
        if (IsExtended)
        {
            // Writing an MSR waits for no store: what the target is to find in memory must be there first.
            Interlocked.MemoryBarrier();
            Cpu.WriteMsr(ModelSpecificRegister.X2ApicFirst + (CommandLow >> 4), ((ulong)target << 32) | command);
            return;
        }

        for (int i = 0; i < MostPolls && (Read(CommandLow) & Sending) != 0; i++)
        {
            Cpu.Pause();
        }

        Write(CommandHigh, target << 24);
        Write(CommandLow, command);
    }

    private uint Read(uint register) => IsExtended
        ? (uint)Cpu.ReadMsr(ModelSpecificRegister.X2ApicFirst + (register >> 4))
        : Volatile.Read(ref *(uint*)(registers + register));

    private void Write(uint register, uint value)
    {
        if (IsExtended)
        {
            Cpu.WriteMsr(ModelSpecificRegister.X2ApicFirst + (register >> 4), value);
        }
        else
        {
            Volatile.Write(ref *(uint*)(registers + register), value);
        }
    }
}
