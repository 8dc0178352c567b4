using System;
using System.Threading;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>Ends the process when one execution does not end. The input is in the file of the <see cref="GuardedMemory"/> then.</summary>
internal static class Watchdog
{
    // A thousand times what an execution takes.
    private const int MostSeconds = 30;

    private static readonly Timer _timer = new(_ => Tick(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    private static long _number;
    private static long _last;
    private static int _seconds;

    /// <summary>An execution begins.</summary>
    public static void Begin() => Interlocked.Increment(ref _number);

    /// <summary>An execution has ended. Its number becomes even: nothing is being waited for.</summary>
    public static void End() => Interlocked.Increment(ref _number);

    private static void Tick()
    {
        GC.KeepAlive(_timer);
        long number = Interlocked.Read(ref _number);
        _seconds = number % 2 != 0 && number == _last ? _seconds + 1 : 0;
        _last = number;
        if (_seconds == MostSeconds)
        {
            Environment.FailFast($"execution {number / 2} has not ended after {MostSeconds} s");
        }
    }
}
