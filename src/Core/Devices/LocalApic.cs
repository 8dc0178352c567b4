using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>
/// The local APIC of one virtual processor (Intel SDM volume 3, chapter 11; AMD APM volume 2, chapter 16): xAPIC and x2APIC.
/// The register file is in the other part of this type.
/// </summary>
public partial struct LocalApic
{
    /// <summary>Guest-physical address of its 4 KiB window. A guest cannot move it.</summary>
    public const ulong Base = 0xFEE0_0000;

    // IA32_APIC_BASE, SDM volume 3, 11.4.4.
    private const ulong BootProcessor = 1 << 8;
    private const ulong ExtendedMode = 1 << 10;
    private const ulong GlobalEnable = 1 << 11;

    // Local vector table entries, SDM volume 3, 11.5.1.
    private const uint Masked = 1 << 16;
    private const uint ModeField = 7 << 8;
    private const byte FirstLegalVector = 16;
    private const uint ExternalMode = (uint)DeliveryMode.External << 8;
    private const uint NonMaskableMode = (uint)DeliveryMode.NonMaskable << 8;

    private const uint SoftwareEnable = 1 << 8;

    // Error status register, SDM volume 3, 11.5.3.
    private const byte SendIllegalVector = 1 << 5;
    private const byte ReceiveIllegalVector = 1 << 6;
    private const byte IllegalRegisterAddress = 1 << 7;

    private const int NothingPending = -1;
    private const int ExternalPending = 256;
    private const int NonMaskablePending = 257;

    private VectorSet _inService;
    private VectorSet _trigger;
    private VectorSet _request;
    private ApicTimer _timer;
    private ulong _base;
    private ulong _command;
    private InterruptMessage _outgoing;
    private uint _identifier;
    private uint _taskPriority;
    private uint _logicalDestination;
    private uint _destinationFormat;
    private uint _spurious;
    private uint _timerEntry;
    private uint _thermalEntry;
    private uint _performanceEntry;
    private uint _lint0Entry;
    private uint _lint1Entry;
    private uint _errorEntry;

    // What the processor is asked to take: a vector or one of the constants above. Kept current by Evaluate.
    private int _pending;
    private byte _errorStatus;
    private byte _errors;
    private bool _externalLine;
    private bool _nonMaskable;
    private bool _hasOutgoing;

    /// <summary>The state after reset: enabled as xAPIC, software-disabled.</summary>
    /// <param name="identifier">The APIC identifier.</param>
    /// <param name="bootProcessor">Whether this is the processor that starts the machine.</param>
    public void Initialize(uint identifier, bool bootProcessor)
    {
        this = default;
        _identifier = identifier;
        _base = Base | GlobalEnable | (bootProcessor ? BootProcessor : 0);
        Reset();
    }

    /// <summary>What PC firmware leaves on the boot processor: LINT0 is the 8259's, LINT1 is NMI (MP 1.4, 3.6.2.2).</summary>
    public void ConnectVirtualWire()
    {
        _spurious = SoftwareEnable | 0x0F;
        _lint0Entry = ExternalMode;
        _lint1Entry = NonMaskableMode;
        Evaluate();
    }

    /// <summary>Whether the processor is asked to take an interrupt.</summary>
    public readonly bool InterruptPending => _pending != NothingPending;

    /// <summary>Whether what the processor is asked to take is an NMI.</summary>
    public readonly bool IsNonMaskable => _pending == NonMaskablePending;

    /// <summary>Whether the interrupt to take is the 8259's, which knows the vector.</summary>
    public readonly bool IsExternal => _pending == ExternalPending;

    /// <summary>The vector to take, -1 if none or if it is the 8259's.</summary>
    public readonly int PendingVector => (uint)_pending > byte.MaxValue ? NothingPending : _pending;

    /// <summary>The nanosecond at which the timer next interrupts; ulong.MaxValue for never.</summary>
    public readonly ulong NextEvent
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_timerEntry & Masked) != 0 ? ulong.MaxValue : _timer.Expiry;
    }

    /// <summary>CR8: the task priority class, 0 to 15.</summary>
    public byte TaskPriority
    {
        readonly get => (byte)(_taskPriority >> 4);
        set
        {
            _taskPriority = (uint)(value & 0x0F) << 4;
            Evaluate();
        }
    }

    /// <summary>IA32_APIC_BASE.</summary>
    public readonly ulong ApicBase => _base;

    private readonly bool IsGloballyEnabled
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_base & GlobalEnable) != 0;
    }

    private readonly bool IsExtended
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_base & ExtendedMode) != 0;
    }

    private readonly bool IsSoftwareEnabled => (_spurious & SoftwareEnable) != 0;

    /// <summary>Processor priority, SDM volume 3, 11.8.3.1.</summary>
    private readonly uint ProcessorPriority
    {
        get
        {
            int service = _inService.Highest;
            uint serviceClass = service < 0 ? 0 : (uint)service & 0xF0;
            return (_taskPriority & 0xF0) >= serviceClass ? _taskPriority : serviceClass;
        }
    }

    /// <summary>Writes IA32_APIC_BASE; false if the value or the change of mode earns #GP (SDM volume 3, 11.12.5).</summary>
    public bool TrySetApicBase(ulong value)
    {
        ulong mode = value & (GlobalEnable | ExtendedMode);
        ulong old = _base & (GlobalEnable | ExtendedMode);
        bool possible = mode == old || mode == 0
            || (mode == GlobalEnable && old == 0)
            || (mode == (GlobalEnable | ExtendedMode) && old == GlobalEnable);
        if (!possible || (value & ~(GlobalEnable | ExtendedMode | BootProcessor)) != Base)
        {
            return false;
        }

        _base = Base | (_base & BootProcessor) | mode;
        if (mode == 0)
        {
            Reset();
        }
        else if (mode != old)
        {
            _command &= uint.MaxValue;
            Evaluate();
        }

        return true;
    }

    /// <summary>Whether a message for this destination is for this APIC, SDM volume 3, 11.6.2 and 11.12.10.</summary>
    public readonly bool Matches(uint destination, bool logical)
    {
        // A logical 0xFF is eight members of cluster 0 in x2APIC mode.
        if (destination == uint.MaxValue || (destination == 0xFF && !(logical && IsExtended)))
        {
            return true;
        }

        if (!logical)
        {
            return destination == _identifier;
        }

        if (IsExtended)
        {
            uint own = ExtendedLogicalDestination;
            return own >> 16 == destination >> 16 && (own & destination & 0xFFFF) != 0;
        }

        uint mine = _logicalDestination >> 24;
        return _destinationFormat >> 28 == 0xF
            ? (mine & destination) != 0
            : mine >> 4 == (destination >> 4 & 0x0F) && (mine & destination & 0x0F) != 0;
    }

    /// <summary>Takes a message that is for this APIC; false if it is disabled and cannot.</summary>
    public bool Accept(in InterruptMessage message)
    {
        if (!IsGloballyEnabled)
        {
            return false;
        }

        switch (message.Mode)
        {
            case DeliveryMode.Fixed or DeliveryMode.LowestPriority:
                return IsSoftwareEnabled && AcceptVector(message.Vector, message.Level);

            case DeliveryMode.NonMaskable:
                RaiseNonMaskable();
                return true;

            default:
                return true;
        }
    }

    /// <summary>Whether <see cref="Accept"/> would take a message now. Others may ask this.</summary>
    public readonly bool CanAccept(in InterruptMessage message) => IsGloballyEnabled
        && (IsSoftwareEnabled || message.Mode is not (DeliveryMode.Fixed or DeliveryMode.LowestPriority));

    /// <summary>INIT resets all but the identifier and IA32_APIC_BASE (SDM volume 3, 11.4.7.3 and 11.12.5.1).</summary>
    public void TakeInit() => Reset();

    /// <summary>Drives LINT0, which is the INTR of the 8259 pair.</summary>
    public void SetExternal(bool asserted)
    {
        if (asserted == _externalLine)
        {
            return;
        }

        _externalLine = asserted;
        if (asserted && (_lint0Entry & ModeField) != ExternalMode)
        {
            DeliverLocal(_lint0Entry);
        }

        Evaluate();
    }

    /// <summary>Lets the timer interrupt if it is due.</summary>
    public void Advance(ulong now)
    {
        if (_timer.Expire(now))
        {
            DeliverLocal(_timerEntry);
        }
    }

    /// <summary>The processor takes <see cref="PendingVector"/>; gives the spurious vector if there is none any more.</summary>
    public byte Acknowledge()
    {
        int pending = _pending;
        if ((uint)pending > byte.MaxValue)
        {
            return (byte)_spurious;
        }

        byte vector = (byte)pending;
        _request.Remove(vector);
        _inService.Add(vector);
        Evaluate();
        return vector;
    }

    /// <summary>Gives whether an NMI arrived since the last call.</summary>
    public bool TakeNonMaskable()
    {
        bool taken = _nonMaskable;
        _nonMaskable = false;
        Evaluate();
        return taken;
    }

    /// <summary>
    /// Gives the last interrupt command that concerns other processors or is INIT or start-up. Its sender has had its own share;
    /// a destination of all ones means everyone else.
    /// </summary>
    public bool TryTakeOutgoing(out InterruptMessage message)
    {
        message = _outgoing;
        bool taken = _hasOutgoing;
        _hasOutgoing = false;
        return taken;
    }

    private readonly uint ExtendedLogicalDestination => (_identifier >> 4 << 16) | (1u << (int)(_identifier & 0x0F));

    private void Reset()
    {
        _inService = default;
        _trigger = default;
        _request = default;
        _timer.Initialize();
        _command = 0;
        _taskPriority = 0;
        _logicalDestination = 0;
        _destinationFormat = uint.MaxValue;
        _spurious = 0xFF;
        _errorStatus = 0;
        _errors = 0;
        _nonMaskable = false;
        _hasOutgoing = false;
        MaskEntries(true);
        Evaluate();
    }

    /// <summary>Software disable masks every entry (SDM volume 3, 11.4.7.2); reset clears them as well.</summary>
    private void MaskEntries(bool clear)
    {
        uint keep = clear ? 0 : uint.MaxValue;
        _timerEntry = (_timerEntry & keep) | Masked;
        _thermalEntry = (_thermalEntry & keep) | Masked;
        _performanceEntry = (_performanceEntry & keep) | Masked;
        _lint0Entry = (_lint0Entry & keep) | Masked;
        _lint1Entry = (_lint1Entry & keep) | Masked;
        _errorEntry = (_errorEntry & keep) | Masked;
    }

    private bool AcceptVector(byte vector, bool level)
    {
        if (vector < FirstLegalVector)
        {
            RaiseError(ReceiveIllegalVector);
        }
        else
        {
            RequestVector(vector, level);
        }

        return true;
    }

    private void RequestVector(byte vector, bool level)
    {
        _request.Add(vector);
        if (level)
        {
            _trigger.Add(vector);
        }
        else
        {
            _trigger.Remove(vector);
        }

        Evaluate();
    }

    private void DeliverLocal(uint entry)
    {
        if ((entry & (Masked | ModeField)) == (uint)DeliveryMode.Fixed << 8 && (byte)entry < FirstLegalVector)
        {
            RaiseError(ReceiveIllegalVector);
        }
        else
        {
            DeliverLegal(entry);
        }
    }

    private void DeliverLegal(uint entry)
    {
        if ((entry & Masked) != 0)
        {
            return;
        }

        switch ((DeliveryMode)((entry & ModeField) >> 8))
        {
            case DeliveryMode.Fixed:
                RequestVector((byte)entry, false);
                break;

            case DeliveryMode.NonMaskable:
                RaiseNonMaskable();
                break;

            default:
                break;
        }
    }

    private void RaiseNonMaskable()
    {
        _nonMaskable = true;
        Evaluate();
    }

    private void RaiseError(byte error)
    {
        _errors |= error;

        // An illegal vector in the error entry itself is an error that cannot be reported.
        if ((byte)_errorEntry >= FirstLegalVector)
        {
            DeliverLegal(_errorEntry);
        }
    }

    private LocalApicEffect EndInterrupt(out byte ended)
    {
        int vector = _inService.Highest;
        ended = (byte)vector;
        if (vector < 0)
        {
            return LocalApicEffect.None;
        }

        _inService.Remove(ended);
        Evaluate();
        return _trigger.Contains(ended) ? LocalApicEffect.EndOfInterrupt : LocalApicEffect.None;
    }

    private void Evaluate()
    {
        if (_nonMaskable)
        {
            _pending = NonMaskablePending;
            return;
        }

        if (_externalLine && (!IsGloballyEnabled || (_lint0Entry & (Masked | ModeField)) == ExternalMode))
        {
            _pending = ExternalPending;
            return;
        }

        int vector = _request.Highest;
        _pending = vector >= 0 && ((uint)vector & 0xF0) > ProcessorPriority ? vector : NothingPending;
    }
}
