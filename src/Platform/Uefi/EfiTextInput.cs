using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_SIMPLE_TEXT_INPUT_PROTOCOL (UEFI 2.10, section 12.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public unsafe struct EfiTextInput
{
    /// <summary>Fails when no key was pressed.</summary>
    [FieldOffset(8)]
    public delegate* unmanaged<EfiTextInput*, EfiInputKey*, nuint> ReadKeyStroke;
}

/// <summary>EFI_INPUT_KEY (UEFI 2.10, section 12.3).</summary>
[StructLayout(LayoutKind.Explicit, Size = 4)]
public struct EfiInputKey
{
    [FieldOffset(0)]
    public ushort ScanCode;

    /// <summary>UTF-16; 0 for a key without a character.</summary>
    [FieldOffset(2)]
    public char Character;
}
