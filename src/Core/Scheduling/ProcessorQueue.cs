using Ember.Platform.Processors;

namespace Ember.Core.Scheduling;

/// <summary>What is to run on one physical processor.</summary>
internal unsafe struct ProcessorQueue
{
    /// <summary>Guards all of it.</summary>
    public TicketLock Lock;

    /// <summary>Who waits for a turn, by virtual time.</summary>
    public EntityList Ready;

    /// <summary>Who waits for a time, by that time.</summary>
    public EntityList Sleeping;

    /// <summary>Who has the processor; null when it is idle.</summary>
    public SchedulingEntity* Current;

    /// <summary>When the current one's turn began.</summary>
    public ulong TurnStart;

    /// <summary>The virtual time that the queue has come to: newcomers and sleepers do not start behind it.</summary>
    public ulong VirtualTime;

    /// <summary>How many entities call this home, running or not.</summary>
    public int Members;
}
