namespace Ember.Formats.Plans;

/// <summary>How a virtual machine starts.</summary>
public enum BootProtocol : uint
{
    /// <summary>The 64-bit entry of the Linux/x86 boot protocol.</summary>
    Linux64 = 1,

    /// <summary>An ELF kernel's PVH entry, as Xen defines it.</summary>
    Pvh = 2,

    /// <summary>Multiboot 1.</summary>
    Multiboot = 3,
}
