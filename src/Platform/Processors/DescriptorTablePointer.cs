using System.Runtime.InteropServices;

namespace Ember.Platform.Processors;

/// <summary>The operand of LGDT and LIDT (AMD APM volume 2, section 4.6.2).</summary>
[StructLayout(LayoutKind.Explicit, Size = 10, Pack = 2)]
public struct DescriptorTablePointer
{
    /// <summary>Last valid byte offset of the table.</summary>
    [FieldOffset(0)]
    public ushort Limit;

    [FieldOffset(2)]
    public ulong Base;
}
