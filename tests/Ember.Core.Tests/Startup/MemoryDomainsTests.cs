using System;
using Ember.Core.Startup;
using Ember.Platform.Acpi;
using Ember.Platform.Memory;
using Ember.Platform.Tests.Acpi;

namespace Ember.Core.Tests.Startup;

/// <summary>Where virtual machines' memory comes from on a machine with several domains.</summary>
public sealed unsafe class MemoryDomainsTests : IDisposable
{
    private const ulong Gibibyte = 1ul << 30;
    private const ulong Megabyte = 1ul << 20;

    private readonly SratBytes _srat = new();

    public void Dispose() => _srat.Dispose();

    [Fact]
    public void A_machine_lies_in_the_domain_of_its_processor()
    {
        MemoryDomains domains = TwoDomains();
        PhysicalMemory memory = FourGibibytes();
        Assert.Equal((2, 0), (domains.Count, default(MemoryDomains).Count));
        Assert.Equal(7u, domains.Of(1));
        Assert.True(domains.TryTake(ref memory, 256 * Megabyte, true, domains.Of(0), out ulong start));
        Assert.InRange(start, 0ul, Gibibyte - (256 * Megabyte));
        Assert.True(domains.TryTake(ref memory, 256 * Megabyte, true, domains.Of(1), out start));
        Assert.InRange(start, Gibibyte, (4 * Gibibyte) - (256 * Megabyte));
    }

    [Fact]
    public void Without_a_processor_it_lies_where_most_is_free()
    {
        MemoryDomains domains = TwoDomains();
        PhysicalMemory memory = FourGibibytes();
        Assert.Equal(MemoryDomains.Any, domains.Of(99));
        Assert.True(domains.TryTake(ref memory, 2304 * Megabyte, false, domains.Of(99), out ulong start));
        Assert.InRange(start, Gibibyte, 4 * Gibibyte);

        // 768 MiB are left there, 1024 in the first.
        Assert.True(domains.TryTake(ref memory, 512 * Megabyte, false, MemoryDomains.Any, out start));
        Assert.InRange(start, 0ul, 512 * Megabyte);
    }

    [Fact]
    public void A_full_domain_gives_way_to_any_memory()
    {
        MemoryDomains domains = TwoDomains();
        PhysicalMemory memory = FourGibibytes();
        Assert.True(domains.TryTake(ref memory, Gibibyte + (2 * Megabyte), true, 0, out ulong start));
        Assert.True(start + Gibibyte + (2 * Megabyte) > Gibibyte);
        Assert.False(domains.TryTake(ref memory, 4 * Gibibyte, true, 0, out _));
    }

    [Fact]
    public void A_machine_without_domains_takes_what_there_is()
    {
        var domains = default(MemoryDomains);
        PhysicalMemory memory = FourGibibytes();
        Assert.Equal(MemoryDomains.Any, domains.Of(0));
        Assert.True(domains.TryTake(ref memory, Gibibyte, true, MemoryDomains.Any, out ulong start));
        Assert.Equal(3 * Gibibyte, start);
    }

    /// <summary>More ranges than are kept, some that wrap: what is known is used, the rest is found all the same.</summary>
    [Fact]
    public void A_table_of_nonsense_loses_no_memory()
    {
        for (uint i = 0; i < 1000; i++)
        {
            _srat.AddMemory(i, ulong.MaxValue - (i * 77), ulong.MaxValue);
        }

        var domains = default(MemoryDomains);
        domains.Read(new Srat(_srat.Table()));
        PhysicalMemory memory = FourGibibytes();
        Assert.True(domains.TryTake(ref memory, 4 * Gibibyte, true, 5, out ulong start));
        Assert.Equal(0ul, start);
    }

    private static PhysicalMemory FourGibibytes()
    {
        var memory = default(PhysicalMemory);
        memory.AddFree(0, 4 * Gibibyte);
        return memory;
    }

    /// <summary>A gibibyte near processor 0, and three, in two ranges, near processor 1; one free range over both.</summary>
    private MemoryDomains TwoDomains()
    {
        _srat.AddProcessor(0, 0).AddMemory(7, 2 * Gibibyte, 2 * Gibibyte).AddMemory(0, 0, Gibibyte).AddProcessor(1, 7)
            .AddMemory(7, Gibibyte, Gibibyte);
        var domains = default(MemoryDomains);
        domains.Read(new Srat(_srat.Table()));
        return domains;
    }
}
