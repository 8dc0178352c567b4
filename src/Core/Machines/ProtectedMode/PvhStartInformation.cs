using System.Runtime.InteropServices;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>hvm_start_info (Xen, xen/include/public/arch-x86/hvm/start_info.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 56)]
internal struct PvhStartInformation
{
    public const uint MagicValue = 0x336E_C578;

    /// <summary>The version with the memory map.</summary>
    public const uint WithMemoryMap = 1;

    [FieldOffset(0)]
    public uint Magic;

    [FieldOffset(4)]
    public uint Version;

    [FieldOffset(12)]
    public uint ModuleCount;

    /// <summary>Of <see cref="PvhModule"/>.</summary>
    [FieldOffset(16)]
    public ulong Modules;

    [FieldOffset(24)]
    public ulong CommandLine;

    [FieldOffset(32)]
    public ulong Rsdp;

    /// <summary>Of <see cref="PvhMemoryRange"/>.</summary>
    [FieldOffset(40)]
    public ulong MemoryMap;

    [FieldOffset(48)]
    public uint MemoryMapEntries;
}
