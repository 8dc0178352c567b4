using System.Threading;

namespace Ember.Core.Scheduling;

/// <summary>What the scheduler knows of a virtual processor. It does not move in memory while the scheduler has it.</summary>
internal unsafe struct SchedulingEntity
{
    /// <summary>The virtual processor.</summary>
    public void* Owner;

    /// <summary>What its machine may have.</summary>
    public MachineShare* Share;

    /// <summary>Its part of the processors' time in proportion to others'; not 0.</summary>
    public uint Weight;

    /// <summary>The processors it may run on, one bit each.</summary>
    public ulong Affinity;

    /// <summary>Nanoseconds it has run.</summary>
    public ulong RunTime;

    /// <summary>Time it has run, stretched by its weight: who has least is next.</summary>
    public ulong VirtualTime;

    /// <summary>Whose queue it is in, or was in last.</summary>
    public int Home;

    /// <summary>Where it is; changed under its home's lock.</summary>
    public EntityState State;

    /// <summary>What its list is sorted by, and its neighbours there.</summary>
    public ulong Key;
    public SchedulingEntity* Next;
    public SchedulingEntity* Previous;

    private int _isLoaded;
    private int _isNoticed;

    /// <summary>Whether a processor holds its registers: nobody else may run it then.</summary>
    public bool IsLoaded
    {
        readonly get => Volatile.Read(in _isLoaded) != 0;
        set => Volatile.Write(ref _isLoaded, value ? 1 : 0);
    }

    /// <summary>Whether something was left for it since <see cref="TakeNotice"/>.</summary>
    public readonly bool IsNoticed => Volatile.Read(in _isNoticed) != 0;

    /// <summary>Tells it to look what was left for it, before <see cref="Scheduler.Wake"/>.</summary>
    public void Notice() => Interlocked.Exchange(ref _isNoticed, 1);

    /// <summary>Before it looks.</summary>
    public void TakeNotice() => Interlocked.Exchange(ref _isNoticed, 0);
}
