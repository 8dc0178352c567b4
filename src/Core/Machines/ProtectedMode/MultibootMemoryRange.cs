using System.Runtime.InteropServices;
using Ember.Core.Machines.Maps;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>An entry of a Multiboot kernel's memory map (Multiboot Specification 0.6.96, 3.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct MultibootMemoryRange
{
    /// <summary>Bytes behind this field.</summary>
    public const uint RangeLength = 20;

    [FieldOffset(0)]
    public uint Length;

    [FieldOffset(4)]
    public E820Entry Range;
}
