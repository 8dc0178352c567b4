using System.Runtime.InteropServices;

namespace Ember.Platform.Processors;

/// <summary>What a processor that leaves the <see cref="Trampoline"/> starts with.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct ProcessorEntry
{
    /// <summary>The end of its stack, where RSP starts out.</summary>
    public ulong StackTop;

    /// <summary>The argument of EmberProcessorMain.</summary>
    public void* Argument;
}
