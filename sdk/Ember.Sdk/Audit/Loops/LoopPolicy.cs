using System.Collections.Generic;

namespace Ember.Sdk.Audit.Loops;

/// <summary>
/// What the rule about loops is checked against. Methods are called as their definition is, <c>ProcessorLoop`1.Turn(UInt64)</c>.
/// </summary>
public sealed record LoopPolicy
{
    /// <summary>The core's.</summary>
    public static LoopPolicy Core { get; } = new()
    {
        Roots = ["Ember.Core.Startup.ProcessorLoop`1.Turn(UInt64)", "Ember.Core.Startup.HostInterrupts.Handle(FaultFrame*)"],
        Waits =
        [
            "Ember.Core.Virtualization.IVirtualProcessor.Run(VmExit&)", "Ember.Platform.Processors.Cpu.WaitForInterrupt()",
        ],
        Stubs = new Dictionary<string, StubLoop>
        {
            ["EmberMoveMemory"] = new(
                "bytes of a structure that the compiler copies",
                [
                    "System.Buffer.BulkMoveWithWriteBarrier(Byte&, Byte&, UIntPtr)", "System.SpanHelpers.Memmove(Byte&, Byte&, UIntPtr)",
                ]),
            ["EmberFillMemory"] = new(
                "bytes of a structure that the compiler clears", ["System.SpanHelpers.ClearWithoutReferences(Byte&, UIntPtr)"]),
            ["EmberHalt"] = new("the processor halts for good: its code is CLI, HLT and the jump back", Callers: null),
        },
    };

    /// <summary>Where the path of an exit begins: the loop that runs a guest, and what interrupts it.</summary>
    public required IReadOnlyList<string> Roots { get; init; }

    /// <summary>What gives the processor away, to a guest or until the next interrupt.</summary>
    public required IReadOnlyList<string> Waits { get; init; }

    /// <summary>Stubs that may loop on the path.</summary>
    public required IReadOnlyDictionary<string, StubLoop> Stubs { get; init; }
}
