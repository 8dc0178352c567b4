using System.Runtime.CompilerServices;
using Ember.Formats.Plans;
using Ember.Platform.Processors;
using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>What the firmware left behind: gathered before ExitBootServices, used after it.</summary>
internal unsafe struct BootInformation
{
    /// <summary>The image the firmware loaded: this core.</summary>
    public byte* ImageBase;

    public ulong ImageSize;

    /// <summary>ACPI root pointer; null when the firmware publishes none.</summary>
    public byte* AcpiRoot;

    /// <summary>The processors by the firmware's own list; none when it has no such list.</summary>
    public ProcessorList Processors;

    /// <summary><see cref="ProcessorStart.Pages"/> pages below 1 MiB for starting processors; 0 when there were none.</summary>
    public ulong StartPages;

    public EfiRuntimeServices* RuntimeServices;

    /// <summary>UTC seconds since 1970 when the clock was read, and the time-stamp counter then.</summary>
    public ulong WallClockSeconds;

    public ulong WallClockTicks;

    public ulong FrameBufferBase;

    public ulong FrameBufferSize;

    public byte* Plan;

    public ulong PlanLength;

    /// <summary>Where each payload of the plan was loaded, in the plan's order.</summary>
    public PayloadAddresses Payloads;

    /// <summary>What the loader is told when the virtual machines are up; 0 for nothing.</summary>
    public ulong Attempt;

    /// <summary>The time-stamp counter when the firmware entered the core.</summary>
    public ulong EntryTicks;

    /// <summary>Bytes of the pages that plan, manifest and memory map lie in.</summary>
    public ulong FileBytes;

    /// <summary>Bytes of the pages that the payloads lie in.</summary>
    public ulong PayloadBytes;

    public byte* MemoryMap;

    public nuint MemoryMapSize;

    public nuint MemoryDescriptorSize;

    [InlineArray(PlanHeader.MaximumCount)]
    public struct PayloadAddresses
    {
        private nuint _first;
    }
}
