using Ember.Core.Console;

namespace Ember.Core.Startup;

/// <summary>What is told of a virtual machine whether it runs or not.</summary>
internal struct MachineDescription
{
    /// <summary>What it does.</summary>
    public MachineState State;

    /// <summary>Virtual processors it has.</summary>
    public int ProcessorCount;

    /// <summary>Its RAM.</summary>
    public ulong MemoryBytes;

    /// <summary>Nanoseconds its virtual processors ran before it was last started.</summary>
    public ulong EarlierRunTime;
}
