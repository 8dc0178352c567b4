using System.Runtime.InteropServices;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>hvm_modlist_entry (Xen, xen/include/public/arch-x86/hvm/start_info.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct PvhModule
{
    public const int Size = 32;

    [FieldOffset(0)]
    public ulong Address;

    [FieldOffset(8)]
    public ulong Length;

    [FieldOffset(16)]
    public ulong Text;
}
