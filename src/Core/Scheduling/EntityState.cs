namespace Ember.Core.Scheduling;

/// <summary>Where a scheduled entity is.</summary>
internal enum EntityState
{
    /// <summary>Not the scheduler's.</summary>
    Absent,

    /// <summary>Waiting for its turn.</summary>
    Ready,

    /// <summary>It is a processor's current one.</summary>
    Running,

    /// <summary>Waiting for a time or a notice.</summary>
    Sleeping,

    /// <summary>Its machine has had what its cap allows: waiting for the next period, whatever happens.</summary>
    Throttled,
}
