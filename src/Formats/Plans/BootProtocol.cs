namespace Ember.Formats.Plans;

/// <summary>How a virtual machine starts.</summary>
public enum BootProtocol : uint
{
    /// <summary>The 64-bit entry of the Linux/x86 boot protocol.</summary>
    Linux64 = 1,
}
