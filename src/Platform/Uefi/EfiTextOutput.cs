using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_SIMPLE_TEXT_OUTPUT_PROTOCOL (UEFI 2.10, section 12.4): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 80)]
public unsafe struct EfiTextOutput
{
    /// <summary>This, the text with a zero at its end.</summary>
    [FieldOffset(8)]
    public delegate* unmanaged<EfiTextOutput*, char*, nuint> OutputString;
}
