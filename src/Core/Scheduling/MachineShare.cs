using Ember.Platform.Processors;

namespace Ember.Core.Scheduling;

/// <summary>The most processor time a machine may have: so much in each period, and what it took too much is taken off the next.</summary>
internal struct MachineShare
{
    /// <summary>Nanoseconds of a period.</summary>
    public const ulong Period = 100_000_000;

    private TicketLock _lock;
    private ulong _budget;
    private ulong _used;
    private ulong _end;

    /// <summary>Sets the cap.</summary>
    /// <param name="percent">Percent of one processor; 0 for no cap.</param>
    public void Initialize(uint percent)
    {
        this = default;
        _budget = percent * (Period / 100);
    }

    /// <summary>Whether there is a cap.</summary>
    public readonly bool IsCapped => _budget != 0;

    /// <summary>Counts time that was used.</summary>
    public void Charge(ulong nanoseconds)
    {
        _lock.Acquire();
        _used += nanoseconds;
        _lock.Release();
    }

    /// <summary>Nanoseconds left in this period.</summary>
    /// <param name="now">The time.</param>
    /// <param name="end">When the next period begins.</param>
    public ulong Left(ulong now, out ulong end)
    {
        _lock.Acquire();
        if (now >= _end)
        {
            ulong over = _end == 0 ? 1 : ((now - _end) / Period) + 1;
            ulong granted = over * _budget;
            _used = _used > granted ? _used - granted : 0;
            _end = ((now / Period) + 1) * Period;
        }

        end = _end;
        ulong left = _used < _budget ? _budget - _used : 0;
        _lock.Release();
        return left;
    }
}
