using Ember.Core.Machines;
using Ember.Formats.Plans;

namespace Ember.Core.Startup;

/// <summary>When a virtual machine that has stopped is started again.</summary>
internal struct RestartTimer
{
    private const ulong Second = 1_000_000_000;
    private const ulong ShortestDelay = Second;
    private const ulong LongestDelay = 60 * Second;

    /// <summary>A machine that resets itself sooner than this after its start has to wait: starting costs others time.</summary>
    private const ulong ShortestRun = Second;
    private const ulong ResetDelay = Second / 20;

    private ulong _delay;

    /// <summary>When it is to be started.</summary>
    public ulong At { get; private set; }

    /// <summary>Decides whether a machine starts again, and sets <see cref="At"/>.</summary>
    /// <param name="policy">What the plan says.</param>
    /// <param name="stop">Why it stopped.</param>
    /// <param name="started">When it was started.</param>
    /// <param name="now">The time.</param>
    public bool TryPlan(RestartPolicy policy, MachineStop stop, ulong started, ulong now)
    {
        ulong ran = now - started;
        if (stop is MachineStop.Reset or MachineStop.WasReset)
        {
            At = ran < ShortestRun ? now + ResetDelay : now;
            return true;
        }

        bool again = stop != MachineStop.SwitchedOff
            && (policy == RestartPolicy.Always || (policy == RestartPolicy.OnFailure && stop != MachineStop.PoweredOff));
        if (!again)
        {
            return false;
        }

        _delay = _delay == 0 || ran >= LongestDelay ? ShortestDelay : _delay * 2 < LongestDelay ? _delay * 2 : LongestDelay;
        At = now + _delay;
        return true;
    }
}
