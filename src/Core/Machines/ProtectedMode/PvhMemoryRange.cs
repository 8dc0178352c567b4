using System.Runtime.InteropServices;
using Ember.Core.Machines.Maps;

namespace Ember.Core.Machines.ProtectedMode;

/// <summary>hvm_memmap_table_entry (Xen, xen/include/public/arch-x86/hvm/start_info.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
internal struct PvhMemoryRange
{
    [FieldOffset(0)]
    public E820Entry Range;
}
