using System;

namespace Ember.Core.Machines;

/// <summary>Why a virtual machine stopped.</summary>
internal enum MachineStop : byte
{
    /// <summary>It did not: it goes on.</summary>
    None,
    PoweredOff,

    /// <summary>By the owner.</summary>
    SwitchedOff,

    /// <summary>By the owner.</summary>
    WasReset,

    /// <summary>By itself.</summary>
    Reset,
    TripleFault,
    InvalidState,
    UnknownExit,
    UnknownInstruction,
    HaltedForever,
}

/// <summary>The reasons in words.</summary>
internal static class MachineStopText
{
    /// <summary>Follows the machine's name in a line.</summary>
    public static ReadOnlySpan<byte> Of(MachineStop stop) => stop switch
    {
        MachineStop.PoweredOff => " powered off"u8,
        MachineStop.SwitchedOff => " switched off"u8,
        MachineStop.WasReset => " was reset"u8,
        MachineStop.Reset => " reset itself"u8,
        MachineStop.TripleFault => ": stopped: triple fault"u8,
        MachineStop.InvalidState => ": stopped: the processor refused its state"u8,
        MachineStop.UnknownExit => ": stopped: unknown exit"u8,
        MachineStop.UnknownInstruction => ": stopped: device access by an instruction that is not emulated"u8,
        _ => ": stopped: halted with interrupts off"u8,
    };
}
