using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;

namespace Ember.Fuzz.Tests.Models;

/// <summary>A key in memory: the files of its banks, and the sectors that an update writes.</summary>
internal sealed class FuzzKey
{
    /// <summary>Bytes of a bank.</summary>
    public const int BankLength = 8192;

    /// <summary>The number of each start.</summary>
    public const ulong Attempt = 77;

    private const int MostOperations = 10_000;

    private int _operations;

    /// <summary>The files of bank A and of bank B.</summary>
    public Dictionary<string, byte[]>[] Banks { get; } = [[], []];

    /// <summary>The sectors of bank A and of bank B.</summary>
    public byte[][] Volumes { get; } = [Pattern(3), Pattern(5)];

    /// <summary>Both copies of the state.</summary>
    public byte[][] State { get; } = [[], []];

    /// <summary>The bundle beside it; null for none.</summary>
    public byte[]? Bundle { get; set; }

    /// <summary>Whether it has been looked at: there is no other.</summary>
    public bool IsBundleTaken { get; set; }

    /// <summary>The bank that nothing may be written to; none when both may be.</summary>
    public BankSlot Protected { get; set; } = BankSlot.None;

    public ulong ConfirmedAttempt { get; set; }

    public uint MinimumSecurityVersion { get; set; }

    public bool IsRollBackAsked { get; set; }

    public bool CanWriteState { get; set; } = true;

    /// <summary>The operation that fails; 0 for none.</summary>
    public int Failing { get; set; }

    /// <summary>What is in memory and not yet given back.</summary>
    public int Allocations { get; set; }

    /// <summary>The state as the next start reads it.</summary>
    public BankState Current
    {
        get
        {
            BankState.TryReadNewest(State[0], State[1], out BankState state, out _);
            return state;
        }
    }

    /// <summary>Counts an operation.</summary>
    /// <returns>Whether it works.</returns>
    public bool Works() => ++_operations <= MostOperations
        ? _operations != Failing
        : throw new FuzzException($"no end after {MostOperations} operations");

    /// <summary>Bytes that are the same each time.</summary>
    public static byte[] Pattern(int seed) => [.. Enumerable.Range(0, BankLength).Select(i => (byte)((i * seed) + (i >> 8)))];
}
