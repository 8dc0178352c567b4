namespace Ember.Core.Console;

/// <summary>
/// The appliance's virtual machines, as the console's menu sees them, numbered from zero as in the plan. Every method is called on the
/// boot processor, with no lock of the console held. The orders return false when they make no sense in the machine's state; the core's
/// line about what became of them is not the menu's business.
/// </summary>
internal interface IMachineDirectory
{
    /// <summary>How many there are, at most <see cref="SystemConsole.MaximumGuests"/>.</summary>
    int Count { get; }

    /// <summary>Describes a machine.</summary>
    MachineSummary Describe(int index);

    /// <summary>Resets a running machine.</summary>
    bool TryReset(int index);

    /// <summary>Presses a running machine's power button: its operating system may shut down, or not.</summary>
    bool TryPowerButton(int index);

    /// <summary>Switches a machine off at once.</summary>
    bool TryPowerOff(int index);

    /// <summary>Starts a machine that does not run.</summary>
    bool TryStart(int index);

    /// <summary>Typed bytes wait in the machine's input: wakes the virtual processor that gets its interrupts.</summary>
    void InputArrived(int index);
}
