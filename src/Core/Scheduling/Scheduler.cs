using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading;
using Ember.Platform.Auditing;

namespace Ember.Core.Scheduling;

/// <summary>
/// Shares the processors out among virtual processors in proportion to their weights. Each processor has a queue ordered by virtual
/// time, the time an entity has run divided by its weight; who has least runs next, for a slice if others wait. A sleeper that wakes
/// starts half a slice before the others and so comes next. A processor with nothing to run takes from the others' queues.
/// Nothing here calls out: methods give the processors that are to be interrupted because there is something new for them.
/// </summary>
internal unsafe partial struct Scheduler
{
    /// <summary>The most physical processors.</summary>
    public const int MaximumProcessors = 64;

    /// <summary>The most entities: as many virtual processors as all machines of a plan can have.</summary>
    public const int MaximumEntities = 1024;

    /// <summary>The longest turn while others wait, in nanoseconds.</summary>
    public const ulong Slice = 5_000_000;

    /// <summary>No time.</summary>
    public const ulong Never = ulong.MaxValue;

    /// <summary>Virtual nanoseconds of a nanosecond at weight 1: fine enough for the greatest weight, and centuries to run over.</summary>
    private const ulong Scale = 256;

    /// <summary>What a sleeper is given, in nanoseconds of its own.</summary>
    private const ulong SleeperCredit = Slice / 2;

    private Queues _queues;
    private int _count;

    // Idle processors, one bit each.
    private ulong _idle;

    /// <summary>Starts with empty queues.</summary>
    /// <param name="processors">How many processors there are, up to <see cref="MaximumProcessors"/>.</param>
    public void Initialize(int processors) => _count = processors;

    /// <summary>All processors there are, one bit each.</summary>
    public readonly ulong AllProcessors => _count == MaximumProcessors ? ulong.MaxValue : (1ul << _count) - 1;

    /// <summary>A processor's queue.</summary>
    [UnscopedRef]
    public ref ProcessorQueue Queue(int processor) => ref _queues[processor];

    /// <summary>Takes a new entity, ready to run or not, to the processor that has fewest.</summary>
    /// <param name="entity">Its affinity names at least one processor there is.</param>
    /// <param name="ready">Whether it is to run; else it waits for a notice.</param>
    /// <returns>Processors to interrupt.</returns>
    public ulong Add(SchedulingEntity* entity, bool ready)
    {
        int home = FewestMembers(entity->Affinity);
        ref ProcessorQueue queue = ref _queues[home];
        queue.Lock.Acquire();
        queue.Members++;
        entity->Home = home;
        entity->VirtualTime = queue.VirtualTime;
        if (ready)
        {
            MakeReady(ref queue, entity);
        }
        else
        {
            Sleep(ref queue, entity, EntityState.Sleeping, Never);
        }

        queue.Lock.Release();
        return ready ? 1ul << home : 0;
    }

    /// <summary>Wakes an entity that was given notice; one that runs is to be interrupted.</summary>
    /// <returns>Processors to interrupt.</returns>
    [LoopBound(uint.MaxValue, "rounds: it was moved meanwhile")]
    public ulong Wake(SchedulingEntity* entity)
    {
        while (true)
        {
            int home = Volatile.Read(ref entity->Home);
            ref ProcessorQueue queue = ref _queues[home];
            queue.Lock.Acquire();
            if (entity->Home == home)
            {
                ulong interrupt = WakeLocked(ref queue, home, entity);
                queue.Lock.Release();
                return interrupt;
            }

            queue.Lock.Release();
        }
    }

    /// <summary>Ends the current turn on a processor and chooses what runs there next.</summary>
    /// <param name="processor">The processor, which calls this itself.</param>
    /// <param name="end">How the turn of the current entity ended, if there is one.</param>
    /// <param name="wakeTime">When a halted entity goes on without a notice.</param>
    /// <param name="now">The time.</param>
    /// <param name="until">When the turn ends at the latest; without an entity, when to ask again.</param>
    /// <param name="interrupt">Processors to interrupt.</param>
    /// <returns>What to run; null for nothing.</returns>
    public SchedulingEntity* Switch(
        int processor, TurnEnd end, ulong wakeTime, ulong now, out ulong until, out ulong interrupt)
    {
        ref ProcessorQueue queue = ref _queues[processor];
        queue.Lock.Acquire();
        SchedulingEntity* current = queue.Current;
        if (current != null)
        {
            queue.Current = null;
            Charge(ref queue, current, now);
            PutBack(ref queue, current, end, wakeTime);
        }

        WakeDue(ref queue, now);
        bool missed = false;
        SchedulingEntity* next = TakeFirst(ref queue, now);
        if (next == null)
        {
            missed = !TrySteal(processor, ref queue);
            next = TakeFirst(ref queue, now);
        }

        until = queue.Sleeping.First == null ? Never : queue.Sleeping.First->Key;
        interrupt = 0;
        if (next == null)
        {
            Interlocked.Or(ref _idle, 1ul << processor);
            until = missed && until > now + (Slice / 5) ? now + (Slice / 5) : until;
        }
        else
        {
            Begin(ref queue, next, now, ref until);
            Interlocked.And(ref _idle, ~(1ul << processor));
            if (queue.Ready.First != null)
            {
                ulong idle = Volatile.Read(ref _idle) & queue.Ready.First->Affinity;
                interrupt = idle & (0 - idle);
            }
        }

        queue.Lock.Release();
        return next;
    }

    /// <summary>Takes the current entity of a processor, which has finished, out of the scheduler.</summary>
    /// <param name="processor">The processor, which calls this itself.</param>
    /// <param name="now">The time.</param>
    public void Leave(int processor, ulong now)
    {
        ref ProcessorQueue queue = ref _queues[processor];
        queue.Lock.Acquire();
        Charge(ref queue, queue.Current, now);
        queue.Current->State = EntityState.Absent;
        queue.Current = null;
        queue.Members--;
        queue.Lock.Release();
    }

    private static void Begin(ref ProcessorQueue queue, SchedulingEntity* next, ulong now, ref ulong until)
    {
        next->State = EntityState.Running;
        queue.Current = next;
        queue.TurnStart = now;
        if (next->VirtualTime > queue.VirtualTime)
        {
            queue.VirtualTime = next->VirtualTime;
        }

        if (queue.Ready.First != null && until > now + Slice)
        {
            until = now + Slice;
        }

        if (next->Share->IsCapped)
        {
            ulong left = next->Share->Left(now, out _);
            until = until > now + left ? now + left : until;
        }
    }

    private static void Charge(ref ProcessorQueue queue, SchedulingEntity* entity, ulong now)
    {
        ulong ran = now - queue.TurnStart;
        entity->RunTime += ran;
        entity->VirtualTime += ran * Scale / entity->Weight;
        if (entity->Share->IsCapped)
        {
            entity->Share->Charge(ran);
        }
    }

    private static void PutBack(ref ProcessorQueue queue, SchedulingEntity* entity, TurnEnd end, ulong wakeTime)
    {
        if (end != TurnEnd.Halted || entity->IsNoticed)
        {
            entity->State = EntityState.Ready;
            queue.Ready.Insert(entity, entity->VirtualTime);
        }
        else
        {
            Sleep(ref queue, entity, EntityState.Sleeping, wakeTime);
        }
    }

    private static void Sleep(ref ProcessorQueue queue, SchedulingEntity* entity, EntityState state, ulong wakeTime)
    {
        entity->State = state;
        queue.Sleeping.Insert(entity, wakeTime);
    }

    /// <summary>It starts from where the queue is, with a credit, however long it has been away.</summary>
    private static void MakeReady(ref ProcessorQueue queue, SchedulingEntity* entity)
    {
        ulong credit = SleeperCredit * Scale / entity->Weight;
        ulong least = queue.VirtualTime > credit ? queue.VirtualTime - credit : 0;
        if (entity->VirtualTime < least)
        {
            entity->VirtualTime = least;
        }

        entity->State = EntityState.Ready;
        queue.Ready.Insert(entity, entity->VirtualTime);
    }

    [LoopBound(MaximumEntities, "entities that sleep")]
    private static void WakeDue(ref ProcessorQueue queue, ulong now)
    {
        while (queue.Sleeping.First != null && queue.Sleeping.First->Key <= now)
        {
            SchedulingEntity* entity = queue.Sleeping.First;
            queue.Sleeping.Remove(entity);
            MakeReady(ref queue, entity);
        }
    }

    /// <summary>Takes the first out of the ready ones whose machine may run.</summary>
    [LoopBound(MaximumEntities, "entities that are ready")]
    private static SchedulingEntity* TakeFirst(ref ProcessorQueue queue, ulong now)
    {
        while (queue.Ready.First != null)
        {
            SchedulingEntity* first = queue.Ready.First;
            queue.Ready.Remove(first);
            if (!first->Share->IsCapped || first->Share->Left(now, out ulong end) != 0)
            {
                return first;
            }

            Sleep(ref queue, first, EntityState.Throttled, end);
        }

        return null;
    }

    [InlineArray(MaximumProcessors)]
    private struct Queues
    {
        private ProcessorQueue _first;
    }
}
