using System.Runtime.InteropServices;

namespace Ember.Formats.Plans;

/// <summary>A file that a machine's kernel finds in its memory. Bytes 12 to 15 are reserved and zero.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public struct PlanModule
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 16;

    /// <summary>Where the reserved bytes begin.</summary>
    public const int ReservedOffset = 12;

    /// <summary>Index of the file's payload.</summary>
    [FieldOffset(0)]
    public uint Payload;

    /// <summary>Where the module's text begins, in bytes from the start of the text area.</summary>
    [FieldOffset(4)]
    public uint TextOffset;

    /// <summary>Bytes of the text, 0 to <see cref="PlanMachine.MaximumCommandLineLength"/>, printable ASCII, no terminator.</summary>
    [FieldOffset(8)]
    public uint TextLength;
}
