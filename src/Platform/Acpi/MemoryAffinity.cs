namespace Ember.Platform.Acpi;

/// <summary>A range of memory and the domain it is near to.</summary>
public struct MemoryAffinity
{
    /// <summary>The proximity domain: any number.</summary>
    public uint Domain;

    /// <summary>The first address.</summary>
    public ulong Start;

    /// <summary>Bytes.</summary>
    public ulong Length;
}
