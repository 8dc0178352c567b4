using Ember.Platform.Uefi;

namespace Ember.Core.Startup;

/// <summary>A range of addresses and what the firmware says of it.</summary>
internal struct FirmwareMapEntry
{
    private const ulong RuntimeAttribute = 1UL << 63;

    public EfiMemoryType Type;

    public ulong Attribute;

    public ulong Start;

    /// <summary>The first address behind it.</summary>
    public ulong End;

    /// <summary>Whether run-time services need it.</summary>
    public readonly bool IsRuntime => (Attribute & RuntimeAttribute) != 0;

    /// <summary>Whether it is memory, not registers or nothing.</summary>
    public readonly bool IsMemory => Type is
        EfiMemoryType.LoaderCode or EfiMemoryType.LoaderData or EfiMemoryType.BootServicesCode or EfiMemoryType.BootServicesData
        or EfiMemoryType.RuntimeServicesCode or EfiMemoryType.RuntimeServicesData or EfiMemoryType.Conventional
        or EfiMemoryType.AcpiReclaim or EfiMemoryType.AcpiNonVolatile;
}
