namespace Ember.Core.Machines;

/// <summary>What a virtual machine is doing.</summary>
internal enum MachinePhase
{
    /// <summary>Nothing, and holds nothing but its name.</summary>
    Stopped,

    /// <summary>Running.</summary>
    Running,

    /// <summary>Its processors are being called in.</summary>
    Stopping,

    /// <summary>Its processors are in: what it holds can be taken back.</summary>
    Finished,

    /// <summary>Stopped, to be started again at a time.</summary>
    WaitsForRestart,
}
