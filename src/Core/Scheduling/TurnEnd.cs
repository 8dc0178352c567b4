namespace Ember.Core.Scheduling;

/// <summary>Why a turn on a processor has ended.</summary>
internal enum TurnEnd
{
    /// <summary>It has not.</summary>
    None,

    /// <summary>The processor is wanted, or the slice is over; there is more to do.</summary>
    Preempted,

    /// <summary>There is nothing to do until a time or a notice.</summary>
    Halted,

    /// <summary>There will be nothing to do any more.</summary>
    Finished,
}
