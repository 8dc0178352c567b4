using System.Runtime.CompilerServices;
using Ember.Core.Processors;

namespace Ember.Core.Boards;

/// <summary>Calls the board's tick when it is due.</summary>
internal static unsafe class BoardTicks
{
    private static ulong _next;

    /// <summary>Ticks if that is due, and this is the boot processor.</summary>
    /// <param name="processor">The processor this runs on.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(HostProcessor* processor)
    {
        if (Board.TickInterval != 0 && processor->Index == HostProcessors.Boot)
        {
            ulong now = processor->Timer.Now;
            if (now >= _next)
            {
                _next = now + Board.TickInterval;
                Board.Tick(now);
            }
        }
    }
}
