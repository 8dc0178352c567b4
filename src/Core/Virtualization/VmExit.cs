namespace Ember.Core.Virtualization;

/// <summary>Why a guest stopped running, in terms both vendors share.</summary>
internal enum ExitKind : byte
{
    /// <summary>The host has an interrupt to take.</summary>
    HostInterrupt,
    Cpuid,
    Halt,

    /// <summary>Triple fault.</summary>
    Shutdown,
    SetExtendedControl,

    /// <summary>An instruction this guest's processor does not have: it gets #UD.</summary>
    Undefined,

    /// <summary>An instruction with nothing to do here, such as WBINVD.</summary>
    Nothing,

    /// <summary>An instruction that is not allowed: the guest gets #GP.</summary>
    Protected,

    /// <summary>The processor refused the guest's state.</summary>
    InvalidState,

    /// <summary>A reason this core never asked for.</summary>
    Unknown,

    /// <summary>From here on an exit has particulars.</summary>
    FirstDetailed,

    /// <summary>The back end has seen to it: the guest runs on.</summary>
    Resolved = FirstDetailed,

    /// <summary>The guest can take an interrupt now.</summary>
    InterruptWindow,
    PortRead,
    PortWrite,
    MsrRead,
    MsrWrite,

    /// <summary>An access to guest-physical memory that is not mapped: a device, or nothing.</summary>
    Memory,

    /// <summary>An exception that is only watched; the guest gets it.</summary>
    Exception,
}

/// <summary>One exit.</summary>
internal struct VmExit
{
    public ExitKind Kind;

    /// <summary>Bytes of a port access: 1, 2 or 4.</summary>
    public byte Size;

    /// <summary>INS or OUTS.</summary>
    public bool IsString;

    /// <summary>A write, for <see cref="ExitKind.Memory"/>.</summary>
    public bool IsWrite;

    public ushort Port;

    /// <summary>Bytes of the instruction that caused the exit, 0 when the processor does not say.</summary>
    public byte InstructionLength;

    /// <summary>Exception vector, for <see cref="ExitKind.Exception"/>.</summary>
    public byte Vector;

    /// <summary>Guest-physical address, for <see cref="ExitKind.Memory"/>; the exception's error code.</summary>
    public ulong Address;

    /// <summary>The vendor's own exit code, for messages.</summary>
    public ulong Code;
}
