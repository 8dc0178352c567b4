using System.Numerics;
using System.Threading;
using Ember.Platform.Auditing;

namespace Ember.Core.Scheduling;

/// <content>Which processor's queue an entity is in.</content>
internal unsafe partial struct Scheduler
{
    [LoopBound(MaximumProcessors, "processors")]
    private int FewestMembers(ulong affinity)
    {
        int best = BitOperations.TrailingZeroCount(affinity);
        for (int i = 0; i < _count; i++)
        {
            if (((affinity >> i) & 1) != 0 && _queues[i].Members < _queues[best].Members)
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>Under the lock of its home.</summary>
    private ulong WakeLocked(ref ProcessorQueue queue, int home, SchedulingEntity* entity)
    {
        if (entity->State == EntityState.Running)
        {
            return 1ul << home;
        }

        if (entity->State != EntityState.Sleeping)
        {
            return 0;
        }

        queue.Sleeping.Remove(entity);
        MakeReady(ref queue, entity);

        // A busy home is interrupted all the same: the turn there may have been meant to have no end.
        ulong idle = Volatile.Read(ref _idle);
        ulong others = ((idle >> home) & 1) == 0 && !entity->IsLoaded ? idle & entity->Affinity : 0;
        return (1ul << home) | (others & (0 - others));
    }

    /// <summary>Moves an entity that is ready elsewhere here, from the first of the others' queues that has one.</summary>
    /// <returns>False when another's queue could not be looked into.</returns>
    [LoopBound(MaximumProcessors, "processors")]
    [LoopBound(MaximumEntities, "entities that are ready there")]
    private bool TrySteal(int processor, ref ProcessorQueue queue)
    {
        bool sawAll = true;
        for (int i = 1; i < _count; i++)
        {
            ref ProcessorQueue other = ref _queues[(processor + i) % _count];
            if (other.Ready.First == null)
            {
                continue;
            }

            if (!other.Lock.TryAcquire())
            {
                sawAll = false;
                continue;
            }

            SchedulingEntity* entity = other.Ready.First;
            while (entity != null && (((entity->Affinity >> processor) & 1) == 0 || entity->IsLoaded))
            {
                entity = entity->Next;
            }

            if (entity != null)
            {
                other.Ready.Remove(entity);
                other.Members--;
                queue.Members++;
                long ahead = (long)(entity->VirtualTime - other.VirtualTime);
                Volatile.Write(ref entity->Home, processor);
                entity->VirtualTime = ahead < 0 && queue.VirtualTime < (ulong)-ahead ? 0 : queue.VirtualTime + (ulong)ahead;
                MakeReady(ref queue, entity);
                other.Lock.Release();
                break;
            }

            other.Lock.Release();
        }

        return sawAll;
    }
}
