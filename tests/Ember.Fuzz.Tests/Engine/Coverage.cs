using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>
/// Which branches of the instrumented assemblies have been followed by which, and how often in one execution: 1, 2, 3, 4 to 7, 8 to 15,
/// 16 to 31, 32 to 127 times, or more. Each of these is new once.
/// </summary>
/// <param name="isCounted">Whether it matters how often.</param>
internal sealed unsafe class Coverage(bool isCounted = true)
{
    private const int Size = 1 << 16;

    private static readonly byte* _map = (byte*)NativeMemory.AllocZeroed(Size);

    private readonly byte[] _seen = new byte[Size];

    /// <summary>Pairs of branches that have been seen.</summary>
    public int Edges { get; private set; }

    /// <summary>Has instrumented code count here before any of it runs: it has no memory of its own for that.</summary>
    [ModuleInitializer]
    internal static void Attach() => Trace.SharedMem = _map;

    /// <summary>Begins an execution.</summary>
    public static void Begin()
    {
        new Span<byte>(_map, Size).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>Ends an execution.</summary>
    /// <returns>How much of it was new.</returns>
    public int End()
    {
        int fresh = 0;
        ulong* words = (ulong*)_map;
        for (int i = 0; i < Size / sizeof(ulong); i++)
        {
            if (words[i] == 0)
            {
                continue;
            }

            for (int at = i * sizeof(ulong); at < (i + 1) * sizeof(ulong); at++)
            {
                int bucket = _map[at] == 0 ? 0 : (isCounted ? Bucket(_map[at]) : 1) & ~_seen[at];
                if (bucket != 0)
                {
                    fresh++;
                    Edges += _seen[at] == 0 ? 1 : 0;
                    _seen[at] |= (byte)bucket;
                }
            }
        }

        return fresh;
    }

    private static int Bucket(int count) => count switch
    {
        < 4 => 1 << (count - 1),
        < 32 => 1 << (BitOperations.Log2((uint)count) + 1),
        < 128 => 1 << 6,
        _ => 1 << 7,
    };
}
