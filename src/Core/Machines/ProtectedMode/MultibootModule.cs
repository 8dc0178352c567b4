using System.Runtime.InteropServices;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>An entry of a Multiboot kernel's list of modules (Multiboot Specification 0.6.96, 3.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct MultibootModule
{
    [FieldOffset(0)]
    public uint Start;

    /// <summary>The first address behind it.</summary>
    [FieldOffset(4)]
    public uint End;

    [FieldOffset(8)]
    public uint Text;
}
