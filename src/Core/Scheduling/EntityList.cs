using Ember.Platform.Auditing;

namespace Ember.Core.Scheduling;

/// <summary>Entities, the one with the least key first; of equal ones the one that came first.</summary>
internal unsafe struct EntityList
{
    private SchedulingEntity* _last;

    /// <summary>The one with the least key; null when there is none.</summary>
    public SchedulingEntity* First { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds one, looking for its place from behind: most belong there.</summary>
    [LoopBound(Scheduler.MaximumEntities, "entities of the list")]
    public void Insert(SchedulingEntity* entity, ulong key)
    {
        SchedulingEntity* before = _last;
        while (before != null && before->Key > key)
        {
            before = before->Previous;
        }

        SchedulingEntity* after = before == null ? First : before->Next;
        entity->Key = key;
        entity->Previous = before;
        entity->Next = after;
        if (before == null)
        {
            First = entity;
        }
        else
        {
            before->Next = entity;
        }

        if (after == null)
        {
            _last = entity;
        }
        else
        {
            after->Previous = entity;
        }

        Count++;
    }

    /// <summary>Takes one out that is in this list.</summary>
    public void Remove(SchedulingEntity* entity)
    {
        if (entity->Previous == null)
        {
            First = entity->Next;
        }
        else
        {
            entity->Previous->Next = entity->Next;
        }

        if (entity->Next == null)
        {
            _last = entity->Previous;
        }
        else
        {
            entity->Next->Previous = entity->Previous;
        }

        Count--;
    }
}
