namespace Ember.Core.Boards;

/// <summary>How the appliance is, for whoever looks at the server.</summary>
internal enum BoardState
{
    /// <summary>All virtual machines that start with the appliance run.</summary>
    Running,

    /// <summary>One of them could not be started.</summary>
    Degraded,

    /// <summary>Nothing runs, and the console says why. There may be no tick any more.</summary>
    Stopped,

    /// <summary>The firmware is about to switch the power off.</summary>
    PoweringOff,

    /// <summary>The core has crashed, and resets the machine in a few seconds. There is no tick any more.</summary>
    Crashed,
}
