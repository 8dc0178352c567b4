namespace Ember.Guests;

/// <summary>A virtual machine of a <see cref="GuestAppliance"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kernel">Its kernel.</param>
public sealed record GuestMachine(string Name, byte[] Kernel)
{
    /// <summary>How its kernel starts: <c>linux</c>, <c>pvh</c> or <c>multiboot</c>; null to leave that out.</summary>
    public string? Boot { get; init; }

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB { get; init; } = 64;

    /// <summary>Virtual processors.</summary>
    public int Processors { get; init; } = 1;

    /// <summary>Further lines of its table.</summary>
    public string More { get; init; } = "";
}
