using System.Numerics;
using System.Runtime.CompilerServices;
using Ember.Core.Memory;
using Ember.Platform.Auditing;
using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <summary>
/// The devices of a virtual machine and the wires between them. Time comes in as nanoseconds since the VM started and never
/// runs backwards. Nothing here calls out: the owner asks for <see cref="NextEvent"/>, <see cref="InterruptPending"/>,
/// <see cref="TakeRequest"/> and the bytes of <see cref="Uart"/>.
/// </summary>
public partial struct Chipset
{
    /// <summary>
    /// The I/O APIC input of the timer, ISA interrupt 0; every other ISA interrupt has the input of its number.
    /// </summary>
    public const int TimerPin = 2;

    /// <summary>IA32_APIC_BASE.</summary>
    public const uint ApicBaseMsr = 0x1B;

    /// <summary>IA32_TSC_DEADLINE.</summary>
    public const uint TscDeadlineMsr = 0x6E0;

    private const ulong PageMask = 0xFFF;

    /// <summary>The guest's RAM.</summary>
    public GuestMemory Memory;

    /// <summary>COM1. After bytes were offered to it or taken from it, <see cref="Advance"/> carries its interrupt on.</summary>
    public Uart16550 Uart;

    /// <summary>The boot timer port.</summary>
    public BootTimer BootTimer;

    private LocalApic _localApic;
    private IoApic _ioApic;
    private Pic8259Pair _pic;
    private Pit8254 _pit;
    private Rtc146818 _rtc;
    private AcpiPower _power;
    private KvmClock _kvmClock;
    private TscClock _clock;

    // The earliest event of the timer, the clock and the power management.
    private ulong _legacyEvent;

    // Levels of the ISA interrupts as last driven.
    private uint _lines;

    /// <summary>Bytes read from or written to ports that no device has.</summary>
    public ulong UnknownPortBytes { get; private set; }

    /// <summary>The machine as firmware leaves it to an operating system.</summary>
    public void Initialize(in ChipsetConfiguration configuration)
    {
        this = default;
        Memory = configuration.Memory;
        _clock = configuration.Clock;
        Uart.Initialize();
        _localApic.Initialize(0, true);
        _localApic.ConnectVirtualWire();
        _ioApic.Initialize();
        _pic.Initialize();
        _pit.Initialize();
        _rtc.Initialize(configuration.WallClockSeconds, configuration.MemorySize);
        _kvmClock.Initialize(configuration.WallClockSeconds);
        _legacyEvent = ulong.MaxValue;
        Schedule();
    }

    /// <summary>The earliest time at which <see cref="Advance"/> would change something; ulong.MaxValue for never.</summary>
    public ulong NextEvent { get; private set; }

    /// <summary>Whether the processor is being asked to take an interrupt.</summary>
    public readonly bool InterruptPending => _localApic.InterruptPending;

    /// <summary>The processor's task priority, 0 to 15: the view that CR8 gives.</summary>
    public byte TaskPriority
    {
        readonly get => _localApic.TaskPriority;
        set => _localApic.TaskPriority = value;
    }

    /// <summary>Runs everything that is due, and carries on the interrupt of the UART.</summary>
    public void Advance(ulong now)
    {
        if (now >= _localApic.NextEvent)
        {
            _localApic.Advance(now);
            Schedule();
        }

        if (now >= _legacyEvent)
        {
            AdvanceLegacy(now);
        }

        Drive(Uart16550.Interrupt, Uart.InterruptOutput);
    }

    /// <summary>The vector that <see cref="AcknowledgeInterrupt"/> would give, -1 if no interrupt is pending.</summary>
    public readonly int PeekInterrupt() => _localApic.IsExternal ? _pic.PeekVector : _localApic.PendingVector;

    /// <summary>The processor takes the interrupt: gives its vector, a spurious one if none is pending any more.</summary>
    public byte AcknowledgeInterrupt()
    {
        if (!_localApic.IsExternal)
        {
            return _localApic.Acknowledge();
        }

        byte vector = _pic.Acknowledge();
        _localApic.SetExternal(_pic.Output);
        return vector;
    }

    /// <summary>Gives whether an NMI arrived since the last call.</summary>
    public bool TakeNonMaskable() => _localApic.TakeNonMaskable();

    /// <summary>
    /// Gives the last command that the processor's local APIC sent to others; see <see cref="LocalApic.TryTakeOutgoing"/>.
    /// </summary>
    public bool TryTakeInterprocessorInterrupt(out InterruptMessage message) => _localApic.TryTakeOutgoing(out message);

    /// <summary>Gives what the guest asked for and forgets it.</summary>
    public ChipsetRequest TakeRequest() => _power.TakeRequest();

    /// <summary>Asks the guest to shut down.</summary>
    public void PressPowerButton()
    {
        _power.PressPowerButton();
        Drive(AcpiPower.Interrupt, _power.InterruptOutput);
    }

    /// <summary>Reads a device's memory window; false if the address is in none.</summary>
    /// <param name="address">Guest-physical address, any value.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    /// <param name="value">What was read, zero-extended.</param>
    public bool TryReadMemory(ulong address, int size, ulong now, out ulong value)
    {
        // Registers are 32 bits wide; less of one can be read, more of it is 0.
        int offset = (int)(address & PageMask);
        int into = offset & 3;
        uint register;
        switch (address & ~PageMask)
        {
            case LocalApic.Base:
                AdvanceIfDue(now);
                register = _localApic.ReadWindow(offset - into, now);
                break;

            case IoApic.Base:
                AdvanceIfDue(now);
                register = _ioApic.Read(offset - into);
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
    /// <param name="address">Guest-physical address, any value.</param>
    /// <param name="size">1, 2, 4 or 8 bytes.</param>
    /// <param name="value">The low 32 bits count.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    public bool TryWriteMemory(ulong address, int size, ulong value, ulong now)
    {
        int offset = (int)(address & PageMask);
        bool isWhole = size >= 4 && (offset & 3) == 0;
        switch (address & ~PageMask)
        {
            case LocalApic.Base:
                AdvanceIfDue(now);
                if (isWhole)
                {
                    Complete(_localApic.WriteWindow(offset, (uint)value, now, out byte ended), ended);
                    Schedule();
                }

                return true;

            case IoApic.Base:
                AdvanceIfDue(now);
                if (isWhole)
                {
                    _ioApic.Write(offset, (uint)value);
                    Route();
                }

                return true;

            default:
                return false;
        }
    }

    /// <summary>Reads a model-specific register of a device.</summary>
    /// <param name="index">Any index.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    /// <param name="value">What was read.</param>
    public MsrStatus ReadMsr(uint index, ulong now, out ulong value)
    {
        AdvanceIfDue(now);
        switch (index)
        {
            case >= LocalApic.FirstMsr and <= LocalApic.LastMsr:
                return _localApic.TryReadMsr(index, now, out value) ? MsrStatus.Done : MsrStatus.Fault;

            case ApicBaseMsr:
                value = _localApic.ApicBase;
                return MsrStatus.Done;

            case TscDeadlineMsr:
                value = _localApic.ReadDeadline(now);
                return MsrStatus.Done;

            case KvmClock.WallClockMsr or KvmClock.SystemTimeMsr or KvmClock.OldWallClockMsr or KvmClock.OldSystemTimeMsr:
                value = _kvmClock.ReadMsr(index);
                return MsrStatus.Done;

            default:
                value = 0;
                return MsrStatus.NotMine;
        }
    }

    /// <summary>Writes a model-specific register of a device.</summary>
    /// <param name="index">Any index.</param>
    /// <param name="value">Any value.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    public MsrStatus WriteMsr(uint index, ulong value, ulong now)
    {
        AdvanceIfDue(now);
        switch (index)
        {
            case >= LocalApic.FirstMsr and <= LocalApic.LastMsr:
                MsrStatus status = Complete(_localApic.WriteMsr(index, value, now, out byte ended), ended);
                Schedule();
                return status;

            case ApicBaseMsr:
                if (!_localApic.TrySetApicBase(value))
                {
                    return MsrStatus.Fault;
                }

                Route();
                Schedule();
                return MsrStatus.Done;

            case TscDeadlineMsr:
                _localApic.WriteDeadline(value, _clock, now);
                Schedule();
                return MsrStatus.Done;

            case KvmClock.WallClockMsr or KvmClock.SystemTimeMsr or KvmClock.OldWallClockMsr or KvmClock.OldSystemTimeMsr:
                return _kvmClock.WriteMsr(index, value, _clock, in Memory);

            default:
                return MsrStatus.NotMine;
        }
    }

    /// <summary>
    /// Writes the local APIC's end-of-interrupt register, like <see cref="WriteMsr"/>. It is the one write that every interrupt needs,
    /// and the same at any time.
    /// </summary>
    public MsrStatus WriteEndOfInterrupt(ulong value) =>
        Complete(_localApic.WriteEndOfInterrupt(value, out byte ended), ended);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private MsrStatus Complete(LocalApicEffect effect, byte ended)
    {
        if (effect == LocalApicEffect.EndOfInterrupt)
        {
            _ioApic.EndOfInterrupt(ended);
        }

        if (_ioApic.Deliverable != 0)
        {
            Route();
        }

        return effect == LocalApicEffect.Illegal ? MsrStatus.Fault : MsrStatus.Done;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AdvanceIfDue(ulong now)
    {
        if (now >= NextEvent)
        {
            Advance(now);
        }
    }

    private void AdvanceLegacy(ulong now)
    {
        if (_pit.TakeRise(now))
        {
            // Each rising edge is one pulse: 8259 and I/O APIC see edges only here.
            Drive(Pit8254.Interrupt, true);
            Drive(Pit8254.Interrupt, false);
        }

        _rtc.Advance(now);
        _power.Advance(now);
        UpdateLegacy();
    }

    /// <summary>Carries on the interrupts of clock and power management and finds their next event.</summary>
    private void UpdateLegacy()
    {
        Drive(Rtc146818.Interrupt, _rtc.InterruptOutput);
        Drive(AcpiPower.Interrupt, _power.InterruptOutput);
        ulong timer = _pit.NextEvent;
        ulong clock = _rtc.NextEvent;
        ulong power = _power.NextEvent;
        ulong first = timer < clock ? timer : clock;
        _legacyEvent = first < power ? first : power;
        Schedule();
    }

    /// <summary>After whatever may have changed an event: most exits do not, and only look when the next one is.</summary>
    private void Schedule()
    {
        ulong apic = _localApic.NextEvent;
        NextEvent = apic < _legacyEvent ? apic : _legacyEvent;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Drive(int interrupt, bool asserted)
    {
        if (((_lines & (1u << interrupt)) != 0) != asserted)
        {
            Change(interrupt, asserted);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Change(int interrupt, bool asserted)
    {
        _lines ^= 1u << interrupt;
        _pic.SetLine(interrupt, asserted);
        _ioApic.SetLine(interrupt == Pit8254.Interrupt ? TimerPin : interrupt, asserted);
        Route();
    }

    /// <summary>Delivers what the I/O APIC has, and connects the 8259 to LINT0.</summary>
    [LoopBound(Devices.IoApic.Pins, "pins, one bit each")]
    private void Route()
    {
        for (uint pins = _ioApic.Deliverable; pins != 0; pins &= pins - 1)
        {
            int pin = BitOperations.TrailingZeroCount(pins);
            InterruptMessage message = _ioApic.MessageOf(pin);
            bool accepted = _localApic.Matches(message.Destination, message.Logical) && _localApic.Accept(message);

            // An edge that nobody takes is gone; a level stays and is offered again.
            if (accepted || !message.Level)
            {
                _ioApic.Accepted(pin);
            }
        }

        _localApic.SetExternal(_pic.Output);
    }

    private static uint Truncate(uint value, int size) => size >= 4 ? value : value & ((1u << (8 * size)) - 1);
}
