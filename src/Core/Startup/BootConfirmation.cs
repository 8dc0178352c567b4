using Ember.Core.Console;
using Ember.Core.Processors;
using Ember.Formats.Banks;

namespace Ember.Core.Startup;

/// <summary>
/// Tells the loader of the next boot that this bank works: once all virtual machines that start with the appliance have been up for a
/// while, or the appliance has come to its end. Without it a trial runs out of tries.
/// </summary>
internal struct BootConfirmation
{
    private const ulong NanosecondsUp = 5_000_000_000;

    private readonly ulong _attempt;
    private ulong _due;

    /// <param name="attempt">The number of this start; 0 when the loader waits for nothing.</param>
    public BootConfirmation(ulong attempt)
    {
        _attempt = attempt;
        _due = HostTimer.Never;
    }

    /// <summary>All virtual machines have come up.</summary>
    public void Begin(ulong now) => _due = _attempt == 0 ? HostTimer.Never : now + NanosecondsUp;

    /// <summary>Whether it is time.</summary>
    public readonly bool IsDue(ulong now) => now >= _due;

    /// <summary>Tells it, if all had come up and it was not told before.</summary>
    public void Send()
    {
        if (_due != HostTimer.Never)
        {
            _due = HostTimer.Never;
            SystemConsole.WriteLine(RuntimeFirmware.TryKeep(FirmwareVariableNames.Confirmed, _attempt)
                ? "this start is confirmed: the bank is good"u8
                : "this start cannot be confirmed: the firmware keeps nothing; after three starts the other bank is taken"u8);
        }
    }
}
