using System.Collections.Generic;

namespace Ember.Loader.Tests;

/// <summary>The machine around an <see cref="ImageMedium"/> at one start, and what was seen of it.</summary>
internal sealed class Surroundings
{
    public ulong ConfirmedAttempt { get; init; }

    public uint MinimumSecurityVersion { get; init; }

    public bool IsRollBackAsked { get; init; }

    public bool CanWriteState { get; init; } = true;

    /// <summary>How many files can be read before the key fails.</summary>
    public int Readable { get; set; } = int.MaxValue;

    /// <summary>The bundles on other volumes.</summary>
    public IReadOnlyList<byte[]> Bundles { get; init; } = [];

    /// <summary>The files of a server, by their address.</summary>
    public IReadOnlyDictionary<string, byte[]> Server { get; init; } = new Dictionary<string, byte[]>();

    /// <summary>What the server was asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What it gave last.</summary>
    public byte[]? Fetched { get; set; }

    /// <summary>The bundle that is being read.</summary>
    public int Current { get; set; } = -1;

    /// <summary>Whether the firmware has been told to forget a bank.</summary>
    public bool IsClosed { get; set; }

    public List<string> Lines { get; } = [];

    /// <summary>What was reported of an update's progress.</summary>
    public List<(ulong Done, ulong All)> Reports { get; } = [];
}
