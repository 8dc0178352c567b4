using System;

namespace Ember.Core.Console;

/// <summary>What the menu tells about a virtual machine.</summary>
internal ref struct MachineSummary
{
    /// <summary>Its name in the plan.</summary>
    public ReadOnlySpan<byte> Name;

    /// <summary>What it does.</summary>
    public MachineState State;

    /// <summary>Virtual processors it has.</summary>
    public int ProcessorCount;

    /// <summary>Its RAM.</summary>
    public ulong MemoryBytes;

    /// <summary>Time that all its virtual processors together have run on physical ones, in nanoseconds; never less than before.</summary>
    public ulong ProcessorNanoseconds;
}
