using System.Runtime.InteropServices;

namespace Ember.Platform.Uefi;

/// <summary>EFI_SYSTEM_TABLE (UEFI 2.10, section 4.3): what is used of it.</summary>
[StructLayout(LayoutKind.Explicit, Size = 120)]
public unsafe struct EfiSystemTable
{
    [FieldOffset(48)]
    public EfiTextInput* ConsoleInput;

    [FieldOffset(64)]
    public EfiTextOutput* ConsoleOutput;

    [FieldOffset(88)]
    public EfiRuntimeServices* RuntimeServices;

    [FieldOffset(96)]
    public EfiBootServices* BootServices;

    [FieldOffset(104)]
    public nuint NumberOfTableEntries;

    [FieldOffset(112)]
    public EfiConfigurationTable* ConfigurationTable;
}

/// <summary>EFI_CONFIGURATION_TABLE (UEFI 2.10, section 4.6).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public unsafe struct EfiConfigurationTable
{
    [FieldOffset(0)]
    public EfiGuid VendorGuid;

    [FieldOffset(16)]
    public void* VendorTable;
}
