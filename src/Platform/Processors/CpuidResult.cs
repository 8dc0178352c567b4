using System.Runtime.InteropServices;

namespace Ember.Platform.Processors;

/// <summary>What CPUID leaves in its four registers (AMD APM volume 3, appendix E).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
public struct CpuidResult
{
    [FieldOffset(0)]
    public uint Eax;

    [FieldOffset(4)]
    public uint Ebx;

    [FieldOffset(8)]
    public uint Ecx;

    [FieldOffset(12)]
    public uint Edx;
}
