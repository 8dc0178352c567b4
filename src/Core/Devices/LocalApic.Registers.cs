using Ember.Platform.Time;

namespace Ember.Core.Devices;

/// <content>
/// The register file. A register's number is its offset in the window divided by 16, which is its MSR number less 0x800
/// (SDM volume 3, tables 11-1 and 11-6).
/// </content>
public partial struct LocalApic
{
    /// <summary>The MSR of register 0 in x2APIC mode.</summary>
    public const uint FirstMsr = 0x800;

    /// <summary>The last MSR that x2APIC mode reserves.</summary>
    public const uint LastMsr = 0x8FF;

    /// <summary>The end-of-interrupt register in x2APIC mode.</summary>
    public const uint EndOfInterruptMsr = FirstMsr + EndOfInterruptRegister;

    private const int Identification = 0x02;
    private const int Version = 0x03;
    private const int TaskPriorityRegister = 0x08;
    private const int ArbitrationPriority = 0x09;
    private const int ProcessorPriorityRegister = 0x0A;
    private const int EndOfInterruptRegister = 0x0B;
    private const int RemoteRead = 0x0C;
    private const int LogicalDestination = 0x0D;
    private const int DestinationFormat = 0x0E;
    private const int Spurious = 0x0F;
    private const int InService = 0x10;
    private const int Trigger = 0x18;
    private const int Request = 0x20;
    private const int ErrorStatus = 0x28;
    private const int InterruptCommand = 0x30;
    private const int InterruptCommandHigh = 0x31;
    private const int TimerEntry = 0x32;
    private const int ThermalEntry = 0x33;
    private const int PerformanceEntry = 0x34;
    private const int Lint0Entry = 0x35;
    private const int Lint1Entry = 0x36;
    private const int ErrorEntry = 0x37;
    private const int InitialCount = 0x38;
    private const int CurrentCount = 0x39;
    private const int DivideConfiguration = 0x3E;
    private const int SelfInterrupt = 0x3F;

    /// <summary>Version 0x14 with six local vector table entries; no suppression of EOI broadcasts.</summary>
    private const uint VersionValue = (5 << 16) | 0x14;

    // Writable bits.
    private const uint SpuriousBits = 0x3FF;
    private const uint TimerBits = 0x7_00FF;
    private const uint SensorBits = 0x1_07FF;
    private const uint LintBits = 0x1_A7FF;
    private const uint ErrorBits = 0x1_00FF;
    private const uint CommandBits = 0xC_CFFF;
    private const uint DivideBits = 0x0B;

    // Delivery status and remote IRR of a local vector table entry.
    private const uint ReadOnlyEntryBits = (1 << 12) | (1 << 14);

    /// <summary>Reads the window; what is no register reads 0 and is noted as an error.</summary>
    /// <param name="offset">Offset in the window. Registers stand at multiples of 16.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    public uint ReadWindow(int offset, ulong now)
    {
        if (!IsGloballyEnabled || IsExtended)
        {
            return uint.MaxValue;
        }

        if ((offset & 0x0F) != 0 || !TryRead(offset >> 4, now, out uint value))
        {
            RaiseError(IllegalRegisterAddress);
            return 0;
        }

        return value;
    }

    /// <summary>Writes the window.</summary>
    /// <param name="offset">Offset in the window. Registers stand at multiples of 16.</param>
    /// <param name="value">Any value; reserved bits are dropped.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    /// <param name="ended">The vector to broadcast if the effect is an end of interrupt.</param>
    public LocalApicEffect WriteWindow(int offset, uint value, ulong now, out byte ended)
    {
        ended = 0;
        if (!IsGloballyEnabled || IsExtended)
        {
            return LocalApicEffect.None;
        }

        LocalApicEffect effect = (offset & 0x0F) != 0 ? LocalApicEffect.Illegal : Write(offset >> 4, value, now, out ended);
        if (effect == LocalApicEffect.Illegal)
        {
            RaiseError(IllegalRegisterAddress);
        }

        return effect;
    }

    /// <summary>Reads a register in x2APIC mode; false earns #GP.</summary>
    public readonly bool TryReadMsr(uint index, ulong now, out ulong value)
    {
        int register = (int)(index - FirstMsr);
        value = _command;
        if (!IsExtended || register is DestinationFormat or InterruptCommandHigh)
        {
            return false;
        }

        if (register != InterruptCommand)
        {
            bool done = TryRead(register, now, out uint low);
            value = low;
            return done;
        }

        return true;
    }

    /// <summary>Writes a register in x2APIC mode.</summary>
    public LocalApicEffect WriteMsr(uint index, ulong value, ulong now, out byte ended)
    {
        ended = 0;
        int register = (int)(index - FirstMsr);
        if (!IsExtended || ((uint)value & ReservedBits(register)) != 0 || (value >> 32 != 0 && register != InterruptCommand))
        {
            return LocalApicEffect.Illegal;
        }

        if (register == InterruptCommand)
        {
            _command = value;
            Send((uint)value, (uint)(value >> 32));
            return LocalApicEffect.None;
        }

        if (register == SelfInterrupt)
        {
            Send((1 << 18) | (uint)value, 0);
            return LocalApicEffect.None;
        }

        return Write(register, (uint)value, now, out ended);
    }

    /// <summary>Writes <see cref="EndOfInterruptMsr"/>, like <see cref="WriteMsr"/>.</summary>
    public LocalApicEffect WriteEndOfInterrupt(ulong value, out byte ended)
    {
        ended = 0;
        return IsExtended && value == 0 ? EndInterrupt(out ended) : LocalApicEffect.Illegal;
    }

    /// <summary>Reads IA32_TSC_DEADLINE.</summary>
    public readonly ulong ReadDeadline(ulong now) => now >= _timer.Expiry ? 0 : _timer.Deadline;

    /// <summary>Writes IA32_TSC_DEADLINE. A deadline in the past interrupts at once.</summary>
    public void WriteDeadline(ulong tsc, in TscClock clock, ulong now)
    {
        Advance(now);
        _timer.SetDeadline(tsc, clock);
        Advance(now);
    }

    private readonly bool TryRead(int register, ulong now, out uint value)
    {
        switch (register)
        {
            case Identification:
                value = IsExtended ? _identifier : _identifier << 24;
                return true;

            case Version:
                value = VersionValue;
                return true;

            case TaskPriorityRegister:
                value = _taskPriority;
                return true;

            case ArbitrationPriority or RemoteRead or EndOfInterruptRegister when !IsExtended:
                value = 0;
                return true;

            case ProcessorPriorityRegister:
                value = ProcessorPriority;
                return true;

            case LogicalDestination:
                value = IsExtended ? ExtendedLogicalDestination : _logicalDestination;
                return true;

            case DestinationFormat:
                value = _destinationFormat;
                return true;

            case Spurious:
                value = _spurious;
                return true;

            case >= InService and < Trigger:
                value = _inService.Register(register - InService);
                return true;

            case >= Trigger and < Request:
                value = _trigger.Register(register - Trigger);
                return true;

            case >= Request and < ErrorStatus:
                value = _request.Register(register - Request);
                return true;

            case ErrorStatus:
                value = _errorStatus;
                return true;

            case InterruptCommand:
                value = (uint)_command;
                return true;

            case InterruptCommandHigh:
                value = (uint)(_command >> 32);
                return true;

            case TimerEntry:
                value = _timerEntry;
                return true;

            case ThermalEntry:
                value = _thermalEntry;
                return true;

            case PerformanceEntry:
                value = _performanceEntry;
                return true;

            case Lint0Entry:
                value = _lint0Entry;
                return true;

            case Lint1Entry:
                value = _lint1Entry;
                return true;

            case ErrorEntry:
                value = _errorEntry;
                return true;

            case InitialCount:
                value = _timer.InitialCount;
                return true;

            case CurrentCount:
                value = _timer.CurrentCount(now);
                return true;

            case DivideConfiguration:
                value = _timer.DivideConfiguration;
                return true;

            default:
                value = 0;
                return false;
        }
    }

    private LocalApicEffect Write(int register, uint value, ulong now, out byte ended)
    {
        ended = 0;
        switch (register)
        {
            case TaskPriorityRegister:
                _taskPriority = value & 0xFF;
                Evaluate();
                break;

            case EndOfInterruptRegister:
                return EndInterrupt(out ended);

            case LogicalDestination when !IsExtended:
                _logicalDestination = value & 0xFF00_0000;
                break;

            case DestinationFormat when !IsExtended:
                _destinationFormat = value | 0x0FFF_FFFF;
                break;

            case Spurious:
                _spurious = value & SpuriousBits;
                if (!IsSoftwareEnabled)
                {
                    MaskEntries(false);
                }

                Evaluate();
                break;

            case ErrorStatus:
                _errorStatus = _errors;
                _errors = 0;
                break;

            case InterruptCommand:
                _command = (_command & 0xFFFF_FFFF_0000_0000) | (value & CommandBits);
                Send(value & CommandBits, (uint)(_command >> 56));
                break;

            case InterruptCommandHigh when !IsExtended:
                _command = (uint)_command | ((ulong)(value & 0xFF00_0000) << 32);
                break;

            case TimerEntry:
                Advance(now);
                _timerEntry = Entry(value, TimerBits);
                _timer.SetMode((ApicTimerMode)((value >> 17) & 3));
                break;

            case ThermalEntry:
                _thermalEntry = Entry(value, SensorBits);
                break;

            case PerformanceEntry:
                _performanceEntry = Entry(value, SensorBits);
                break;

            case Lint0Entry:
                _lint0Entry = Entry(value, LintBits);
                Evaluate();
                break;

            case Lint1Entry:
                _lint1Entry = Entry(value, LintBits);
                break;

            case ErrorEntry:
                _errorEntry = Entry(value, ErrorBits);
                break;

            case InitialCount:
                Advance(now);
                _timer.Start(value, now);
                break;

            case DivideConfiguration:
                Advance(now);
                _timer.Divide(value, now);
                break;

            // Read-only registers ignore a write in the window.
            case Identification or Version or ProcessorPriorityRegister or RemoteRead or (>= InService and < ErrorStatus)
                or CurrentCount when !IsExtended:
                break;

            default:
                return LocalApicEffect.Illegal;
        }

        return LocalApicEffect.None;
    }

    private readonly uint Entry(uint value, uint writable) => (value & writable) | (IsSoftwareEnabled ? 0 : Masked);

    /// <summary>Bits of a register that must be written 0 in x2APIC mode. Read-only bits are not among them: Linux sets them in the
    /// local vector table when it shuts down.</summary>
    private static uint ReservedBits(int register) => register switch
    {
        TaskPriorityRegister or SelfInterrupt => ~0xFFu,
        EndOfInterruptRegister or ErrorStatus => uint.MaxValue,
        Spurious => ~SpuriousBits,
        InterruptCommand => ~CommandBits,
        TimerEntry => ~(TimerBits | ReadOnlyEntryBits),
        ThermalEntry or PerformanceEntry => ~(SensorBits | ReadOnlyEntryBits),
        Lint0Entry or Lint1Entry => ~(LintBits | ReadOnlyEntryBits),
        ErrorEntry => ~(ErrorBits | ReadOnlyEntryBits),
        DivideConfiguration => ~DivideBits,
        _ => 0,
    };
}
