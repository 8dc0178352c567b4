using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Core.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <summary>
/// The devices of a virtual machine and the wires between them. Time comes in as nanoseconds of the host's clock and never runs
/// backwards. Nothing here calls out: the owner asks for <see cref="ProcessorDevices.NextEvent"/>, <see cref="TakeRequest"/>,
/// <see cref="TakeWakeups"/> and the bytes of <see cref="Uart"/>. The virtual processors use it at the same time: each has its own
/// <see cref="ProcessorDevices"/>, and what they share is locked here.
/// </summary>
public partial struct Chipset
{
    /// <summary>The most virtual processors of a machine.</summary>
    public const int MaximumProcessors = 16;

    /// <summary>
    /// The I/O APIC input of the timer, ISA interrupt 0; every other ISA interrupt has the input of its number.
    /// </summary>
    public const int TimerPin = 2;

    /// <summary>IA32_APIC_BASE.</summary>
    public const uint ApicBaseMsr = 0x1B;

    /// <summary>IA32_TSC_DEADLINE.</summary>
    public const uint TscDeadlineMsr = 0x6E0;

    private const ulong PageMask = 0xFFF;

    /// <summary>The processor that the 8259 pair is connected to and that sees to the timers all share.</summary>
    private const int BootProcessor = 0;

    /// <summary>None of the processors.</summary>
    private const int NoProcessor = -1;

    /// <summary>The guest's RAM.</summary>
    public GuestMemory Memory;

    /// <summary>COM1, to be used under <see cref="Lock"/>. After bytes were offered to it or taken from it,
    /// <see cref="CarryUartInterrupt"/> carries its interrupt on.</summary>
    public Uart16550 Uart;

    /// <summary>The boot timer port, to be used under <see cref="Lock"/>.</summary>
    public BootTimer BootTimer;

    private Processors _processors;
    private int _processorCount;
    private bool _isShared;
    private TicketLock _lock;
    private IoApic _ioApic;
    private Pic8259Pair _pic;
    private Pit8254 _pit;
    private Rtc146818 _rtc;
    private AcpiPower _power;
    private TscClock _clock;

    // The earliest event of the timer, the clock and the power management.
    private ulong _legacyEvent;

    // Levels of the ISA interrupts as last driven.
    private uint _lines;

    // The output of the 8259 pair as the boot processor was last told.
    private bool _externalLine;

    // Processors that something was posted to, one bit each.
    private ulong _wakeups;

    // Where the search for the taker of a lowest-priority interrupt goes on.
    private int _lastTaker;

    /// <summary>Bytes read from or written to ports that no device has.</summary>
    public ulong UnknownPortBytes { get; private set; }

    /// <summary>How many virtual processors there are.</summary>
    public readonly int ProcessorCount => _processorCount;

    /// <summary>The machine as firmware leaves it to an operating system.</summary>
    public void Initialize(in ChipsetConfiguration configuration)
    {
        this = default;
        Memory = configuration.Memory;
        _clock = configuration.Clock;
        _processorCount = configuration.ProcessorCount;
        _isShared = _processorCount > 1;
        for (int i = 0; i < _processorCount; i++)
        {
            _processors[i].Initialize(i, configuration.WallClockSeconds);
        }

        _processors[BootProcessor].Apic.ConnectVirtualWire();
        Uart.Initialize();
        _ioApic.Initialize();
        _pic.Initialize();
        _pit.Initialize();
        _rtc.Initialize(configuration.WallClockSeconds, configuration.MemorySize);
        _legacyEvent = ulong.MaxValue;
        Schedule(BootProcessor);
    }

    /// <summary>The devices of one virtual processor, 0 to <see cref="ProcessorCount"/> - 1.</summary>
    [UnscopedRef]
    public ref ProcessorDevices Processor(int number) => ref _processors[number];

    /// <summary>Keeps the other virtual processors off what all share; with one there is nobody to keep off.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Lock()
    {
        if (_isShared)
        {
            _lock.Acquire();
        }
    }

    /// <summary>Ends what <see cref="Lock"/> began.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Unlock()
    {
        if (_isShared)
        {
            _lock.Release();
        }
    }

    /// <summary>Gives the processors, one bit each, that something was posted to since the last call: they are to be notified.</summary>
    public ulong TakeWakeups() => _wakeups == 0 ? 0 : Interlocked.Exchange(ref _wakeups, 0);

    /// <summary>Runs everything that is due on a processor, which calls this itself.</summary>
    public void Advance(int processor, ulong now)
    {
        Lock();
        AdvanceLocked(processor, now);
        Unlock();
    }

    /// <summary>A processor takes what was sent to it, which it calls itself.</summary>
    /// <returns>What is left for the owner to do: INIT, start-up.</returns>
    public InboxSignals TakeMail(int processor)
    {
        ref ProcessorDevices own = ref _processors[processor];
        InboxSignals signals = own.Inbox.Take(ref own.Apic);
        if (processor == BootProcessor && (signals & (InboxSignals.Lines | InboxSignals.PowerButton)) != 0)
        {
            Lock();
            TakeBoardSignals(signals);
            Unlock();
        }

        if ((signals & InboxSignals.NonMaskable) != 0)
        {
            own.Apic.Accept(new InterruptMessage { Mode = DeliveryMode.NonMaskable });
        }

        return signals & (InboxSignals.Init | InboxSignals.StartUp);
    }

    private void TakeBoardSignals(InboxSignals signals)
    {
        if ((signals & InboxSignals.PowerButton) != 0)
        {
            _power.PressPowerButton();
            Drive(BootProcessor, AcpiPower.Interrupt, _power.InterruptOutput);
        }

        _processors[BootProcessor].Apic.SetExternal(_pic.Output);
        Schedule(BootProcessor);
    }

    /// <summary>INIT (Intel SDM volume 3, section 11.4.7.3): the local APIC is reset, but keeps its identifier.</summary>
    public void ResetProcessor(int processor)
    {
        _processors[processor].Apic.TakeInit();
        Schedule(processor);
    }

    /// <summary>After bytes were offered to the UART or taken from it, under the lock.</summary>
    public void CarryUartInterrupt(int processor) => Drive(processor, Uart16550.Interrupt, Uart.InterruptOutput);

    /// <summary>The vector that <see cref="AcknowledgeInterrupt"/> would give, -1 if no interrupt is pending.</summary>
    public readonly int PeekInterrupt(int processor)
    {
        ref readonly LocalApic apic = ref _processors[processor].Apic;
        return apic.IsExternal ? _pic.PeekVector : apic.PendingVector;
    }

    /// <summary>The processor takes the interrupt: gives its vector, a spurious one if none is pending any more.</summary>
    public byte AcknowledgeInterrupt(int processor)
    {
        ref LocalApic apic = ref _processors[processor].Apic;
        if (!apic.IsExternal)
        {
            return apic.Acknowledge();
        }

        Lock();
        byte vector = _pic.Acknowledge();
        apic.SetExternal(_pic.Output);
        Unlock();
        return vector;
    }

    /// <summary>Gives what the guest asked for and forgets it.</summary>
    public ChipsetRequest TakeRequest() => _power.TakeRequest();

    /// <summary>Reads a device's memory window; false if the address is in none.</summary>
    /// <param name="processor">Who reads.</param>
    /// <param name="address">Guest-physical address, any value.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="now">The time.</param>
    /// <param name="value">What was read, zero-extended.</param>
    public bool TryReadMemory(int processor, ulong address, int size, ulong now, out ulong value)
    {
        // Registers are 32 bits wide; less of one can be read, more of it is 0.
        int offset = (int)(address & PageMask);
        int into = offset & 3;
        uint register;
        AdvanceIfDue(processor, now);
        switch (address & ~PageMask)
        {
            case LocalApic.Base:
                register = _processors[processor].Apic.ReadWindow(offset - into, now);
                break;

            case IoApic.Base:
                Lock();
                register = _ioApic.Read(offset - into);
                Unlock();
                break;

            default:
                value = 0;
                return false;
        }

        value = Truncate(register >> (8 * into), size);
        return true;
    }

    /// <summary>
    /// Writes a device's memory window; false if the address is in none. Writes of less than a register are ignored.
    /// </summary>
    /// <param name="processor">Who writes.</param>
    /// <param name="address">Guest-physical address, any value.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The low 32 bits count.</param>
    /// <param name="now">The time.</param>
    public bool TryWriteMemory(int processor, ulong address, int size, ulong value, ulong now)
    {
        int offset = (int)(address & PageMask);
        bool isWhole = size >= 4 && (offset & 3) == 0;
        switch (address & ~PageMask)
        {
            case LocalApic.Base:
                AdvanceIfDue(processor, now);
                if (isWhole)
                {
                    ref LocalApic apic = ref _processors[processor].Apic;
                    Complete(processor, apic.WriteWindow(offset, (uint)value, now, out byte ended), ended);
                }

                return true;

            case IoApic.Base:
                if (isWhole)
                {
                    Lock();
                    AdvanceIfDueLocked(processor, now);
                    _ioApic.Write(offset, (uint)value);
                    Route(processor);
                    Unlock();
                }

                return true;

            default:
                return false;
        }
    }

    /// <summary>Reads a model-specific register of a device.</summary>
    /// <param name="processor">Who reads.</param>
    /// <param name="index">Any index.</param>
    /// <param name="now">The time.</param>
    /// <param name="value">What was read.</param>
    public MsrStatus ReadMsr(int processor, uint index, ulong now, out ulong value)
    {
        AdvanceIfDue(processor, now);
        ref ProcessorDevices own = ref _processors[processor];
        switch (index)
        {
            case >= LocalApic.FirstMsr and <= LocalApic.LastMsr:
                return own.Apic.TryReadMsr(index, now, out value) ? MsrStatus.Done : MsrStatus.Fault;

            case ApicBaseMsr:
                value = own.Apic.ApicBase;
                return MsrStatus.Done;

            case TscDeadlineMsr:
                value = own.Apic.ReadDeadline(now);
                return MsrStatus.Done;

            case KvmClock.WallClockMsr or KvmClock.SystemTimeMsr or KvmClock.OldWallClockMsr or KvmClock.OldSystemTimeMsr:
                value = own.Clock.ReadMsr(index);
                return MsrStatus.Done;

            default:
                value = 0;
                return MsrStatus.NotMine;
        }
    }

    /// <summary>Writes a model-specific register of a device.</summary>
    /// <param name="processor">Who writes.</param>
    /// <param name="index">Any index.</param>
    /// <param name="value">Any value.</param>
    /// <param name="now">The time.</param>
    public MsrStatus WriteMsr(int processor, uint index, ulong value, ulong now)
    {
        AdvanceIfDue(processor, now);
        ref ProcessorDevices own = ref _processors[processor];
        switch (index)
        {
            case >= LocalApic.FirstMsr and <= LocalApic.LastMsr:
                return Complete(processor, own.Apic.WriteMsr(index, value, now, out byte ended), ended);

            case ApicBaseMsr:
                return own.Apic.TrySetApicBase(value) ? Complete(processor, LocalApicEffect.None, 0) : MsrStatus.Fault;

            case TscDeadlineMsr:
                own.Apic.WriteDeadline(value, _clock, now);
                Schedule(processor);
                return MsrStatus.Done;

            case KvmClock.WallClockMsr or KvmClock.SystemTimeMsr or KvmClock.OldWallClockMsr or KvmClock.OldSystemTimeMsr:
                return own.Clock.WriteMsr(index, value, _clock, in Memory);

            default:
                return MsrStatus.NotMine;
        }
    }

    /// <summary>
    /// Writes the local APIC's end-of-interrupt register, like <see cref="WriteMsr"/>. It is the one write that every interrupt needs,
    /// and the same at any time.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public MsrStatus WriteEndOfInterrupt(int processor, ulong value)
    {
        LocalApicEffect effect = _processors[processor].Apic.WriteEndOfInterrupt(value, out byte ended);
        return effect == LocalApicEffect.None ? MsrStatus.Done : Complete(processor, effect, ended);
    }

    /// <summary>What a register of a local APIC leads to outside of it: an end of interrupt, a message, and what the I/O APIC had
    /// for a local APIC that did not take it before.</summary>
    private MsrStatus Complete(int processor, LocalApicEffect effect, byte ended)
    {
        Lock();
        if (effect == LocalApicEffect.EndOfInterrupt)
        {
            _ioApic.EndOfInterrupt(ended);
        }

        if (_processors[processor].Apic.TryTakeOutgoing(out InterruptMessage message))
        {
            Send(processor, in message);
        }

        if (_ioApic.Deliverable != 0)
        {
            Route(processor);
        }

        Schedule(processor);
        Unlock();
        return effect == LocalApicEffect.Illegal ? MsrStatus.Fault : MsrStatus.Done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdvanceIfDue(int processor, ulong now)
    {
        if (now >= _processors[processor].NextEvent)
        {
            Advance(processor, now);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdvanceIfDueLocked(int processor, ulong now)
    {
        if (now >= _processors[processor].NextEvent)
        {
            AdvanceLocked(processor, now);
        }
    }

    private void AdvanceLocked(int processor, ulong now)
    {
        ref LocalApic apic = ref _processors[processor].Apic;
        if (now >= apic.NextEvent)
        {
            apic.Advance(now);
            Schedule(processor);
        }

        if (processor == BootProcessor && now >= _legacyEvent)
        {
            AdvanceLegacy(now);
        }
    }

    private void AdvanceLegacy(ulong now)
    {
        if (_pit.TakeRise(now))
        {
            // Each rising edge is one pulse: 8259 and I/O APIC see edges only here.
            Drive(BootProcessor, Pit8254.Interrupt, true);
            Drive(BootProcessor, Pit8254.Interrupt, false);
        }

        _rtc.Advance(now);
        _power.Advance(now);
        UpdateLegacy(BootProcessor);
    }

    /// <summary>Carries on the interrupts of clock and power management and finds their next event.</summary>
    private void UpdateLegacy(int processor)
    {
        Drive(processor, Rtc146818.Interrupt, _rtc.InterruptOutput);
        Drive(processor, AcpiPower.Interrupt, _power.InterruptOutput);
        ulong timer = _pit.NextEvent;
        ulong clock = _rtc.NextEvent;
        ulong power = _power.NextEvent;
        ulong first = timer < clock ? timer : clock;
        first = first < power ? first : power;
        if (first != _legacyEvent)
        {
            _legacyEvent = first;
            if (processor == BootProcessor)
            {
                Schedule(processor);
            }
            else
            {
                Post(BootProcessor, InboxSignals.Lines);
            }
        }
    }

    /// <summary>After whatever may have changed an event: most exits do not, and only look when the next one is.</summary>
    private void Schedule(int processor) =>
        _processors[processor].Schedule(processor == BootProcessor ? _legacyEvent : ulong.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drive(int processor, int interrupt, bool asserted)
    {
        if (((_lines & (1u << interrupt)) != 0) != asserted)
        {
            Change(processor, interrupt, asserted);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Change(int processor, int interrupt, bool asserted)
    {
        _lines ^= 1u << interrupt;
        _pic.SetLine(interrupt, asserted);
        _ioApic.SetLine(interrupt == Pit8254.Interrupt ? TimerPin : interrupt, asserted);
        Route(processor);
    }

    private static uint Truncate(uint value, int size) => size >= 4 ? value : value & ((1u << (8 * size)) - 1);

    [InlineArray(MaximumProcessors)]
    private struct Processors
    {
        private ProcessorDevices _first;
    }
}
