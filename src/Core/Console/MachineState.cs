using System;

namespace Ember.Core.Console;

/// <summary>What a virtual machine does.</summary>
public enum MachineState : byte
{
    /// <summary>It was never started.</summary>
    NotStarted,

    /// <summary>It runs, or sleeps until its next interrupt.</summary>
    Running,

    /// <summary>It has switched itself off, or was switched off.</summary>
    PoweredOff,

    /// <summary>The core has ended it.</summary>
    Stopped,

    /// <summary>It waits to be started again.</summary>
    Restarting,
}

/// <summary>The states in words.</summary>
internal static class MachineStateText
{
    /// <summary>One or two words.</summary>
    public static ReadOnlySpan<byte> Of(MachineState state) => state switch
    {
        MachineState.NotStarted => "not started"u8,
        MachineState.Running => "running"u8,
        MachineState.PoweredOff => "powered off"u8,
        MachineState.Stopped => "stopped"u8,
        _ => "restarting"u8,
    };
}
