using System.Threading;
using Ember.Platform.Auditing;

namespace Ember.Platform.Processors;

/// <summary>
/// A lock between processors, taken in the order of asking. It is held for bounded work only, never while a guest runs, and not taken
/// by interrupt handlers.
/// </summary>
public struct TicketLock
{
    /// <summary>Longer than everything that is ever done under a lock: a processor that waits so long waits for itself.</summary>
    private const uint MostRounds = 1u << 31;

    private int _next;
    private int _serving;

    /// <summary>Takes it when all who asked before have had it; a deadlock ends the core with its dump.</summary>
    [LoopBound(MostRounds, "counted by rounds")]
    public void Acquire()
    {
        int ticket = Interlocked.Increment(ref _next) - 1;
        uint rounds = 0;
        while (Volatile.Read(ref _serving) != ticket)
        {
            Cpu.Pause();
            if (++rounds == MostRounds)
            {
                Cpu.RaiseInvalidOpcode();
            }
        }
    }

    /// <summary>Takes it if nobody has it.</summary>
    public bool TryAcquire()
    {
        int ticket = Volatile.Read(ref _serving);
        return Interlocked.CompareExchange(ref _next, ticket + 1, ticket) == ticket;
    }

    /// <summary>Gives it to the next who asked.</summary>
    public void Release() => Volatile.Write(ref _serving, _serving + 1);
}
