using Ember.Core.Machines.Acpi;

namespace Ember.Core.Machines.Maps;

/// <summary>What lies where in a guest's memory, as every boot protocol tells it.</summary>
internal static class MemoryMap
{
    public const int EntryCount = 5;

    /// <summary>Where memory ends that every PC has.</summary>
    public const ulong LowMemoryEnd = 0xA_0000;

    /// <summary>Where memory begins again, to the end of the guest's RAM.</summary>
    public const ulong HighMemory = 0x10_0000;

    /// <summary>One range of the map; they ascend without gaps.</summary>
    /// <param name="index">0 to <see cref="EntryCount"/> - 1.</param>
    /// <param name="memorySize">Bytes of the guest's RAM, from <see cref="HighMemory"/> on.</param>
    public static E820Entry Entry(int index, ulong memorySize)
    {
        const ulong AcpiEnd = GuestAcpiTables.Address + GuestAcpiTables.Size;
        return index switch
        {
            0 => new E820Entry(0, LowMemoryEnd, E820Entry.Memory),
            1 => new E820Entry(LowMemoryEnd, GuestAcpiTables.Address, E820Entry.Reserved),
            2 => new E820Entry(GuestAcpiTables.Address, AcpiEnd, E820Entry.AcpiTables),
            3 => new E820Entry(AcpiEnd, HighMemory, E820Entry.Reserved),
            _ => new E820Entry(HighMemory, memorySize, E820Entry.Memory),
        };
    }
}
