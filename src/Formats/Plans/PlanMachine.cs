using System.Runtime.InteropServices;
using Ember.Formats.Fields;

namespace Ember.Formats.Plans;

/// <summary>One virtual machine. Bytes 92 to 127 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct PlanMachine
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 128;

    /// <summary>The least memory of a machine, in bytes.</summary>
    public const ulong MinimumMemoryBytes = 16UL << 20;

    /// <summary>The most memory of a machine, in bytes: it ends below the guest's devices.</summary>
    public const ulong MaximumMemoryBytes = 3UL << 30;

    /// <summary>What memory comes in, in bytes: one nested large page.</summary>
    public const ulong MemoryGranule = 2UL << 20;

    /// <summary>The most processors of a machine.</summary>
    public const uint MaximumProcessorCount = 16;

    /// <summary>The most modules of a machine; a Linux kernel takes one, its initial RAM disk.</summary>
    public const uint MaximumModuleCount = 16;

    /// <summary>The longest command line, in bytes without a terminator.</summary>
    public const uint MaximumCommandLineLength = 2047;

    /// <summary>The largest weight; the least is 1.</summary>
    public const uint MaximumWeight = 10_000;

    /// <summary>The largest cap: all of as many processors as a machine may have.</summary>
    public const uint MaximumCap = 100 * MaximumProcessorCount;

    /// <summary>How many processors of the host an affinity can name.</summary>
    public const int AffinityProcessors = 64;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 92;

    /// <summary>1 to 31 bytes of ASCII as <see cref="FieldText.IsMachineName"/> wants them; no other machine of the
    /// plan has the same.</summary>
    [FieldOffset(0)]
    public Text32 Name;

    /// <summary>Guest memory in bytes: a multiple of <see cref="MemoryGranule"/>, <see cref="MinimumMemoryBytes"/> to
    /// <see cref="MaximumMemoryBytes"/>.</summary>
    [FieldOffset(32)]
    public ulong MemoryBytes;

    /// <summary>1 to <see cref="MaximumProcessorCount"/>.</summary>
    [FieldOffset(40)]
    public uint ProcessorCount;

    /// <summary>How the machine starts.</summary>
    [FieldOffset(44)]
    public BootProtocol BootProtocol;

    /// <summary>Index of the kernel's payload.</summary>
    [FieldOffset(48)]
    public uint KernelPayload;

    /// <summary>How many modules the kernel is given, 0 to <see cref="MaximumModuleCount"/>.</summary>
    [FieldOffset(52)]
    public uint ModuleCount;

    /// <summary>Where the command line begins, in bytes from the start of the text area.</summary>
    [FieldOffset(56)]
    public uint CommandLineOffset;

    /// <summary>Bytes of the command line, 0 to <see cref="MaximumCommandLineLength"/>, printable ASCII, no terminator.</summary>
    [FieldOffset(60)]
    public uint CommandLineLength;

    /// <summary>Index of the first of its modules, which follow each other.</summary>
    [FieldOffset(64)]
    public uint FirstModule;

    /// <summary>Whether it is started again when it has ended.</summary>
    [FieldOffset(68)]
    public RestartPolicy Restart;

    /// <summary>The host's processors it may run on, bit 0 for the first; 0 for all.</summary>
    [FieldOffset(72)]
    public ulong Affinity;

    /// <summary>Its share of processors that are short, beside the others' weights: 1 to <see cref="MaximumWeight"/>.</summary>
    [FieldOffset(80)]
    public uint Weight;

    /// <summary>The most that all its processors together may use, in hundredths of one processor of the host: up to
    /// <see cref="MaximumCap"/>; 0 for no limit.</summary>
    [FieldOffset(84)]
    public uint Cap;

    /// <summary>When it is first started.</summary>
    [FieldOffset(88)]
    public StartPolicy Start;
}
