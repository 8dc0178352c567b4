using System;
using System.Collections.Generic;
using CsCheck;
using Ember.Platform.Acpi;

namespace Ember.Platform.Tests.Acpi;

/// <summary>What is read of the affinity table, good and hostile.</summary>
public sealed unsafe class SratTests : IDisposable
{
    private readonly SratBytes _bytes = new();

    public void Dispose() => _bytes.Dispose();

    [Fact]
    public void Processors_have_their_domain_by_either_structure()
    {
        _bytes.AddProcessor(3, 0x1234_5602).AddX2ApicProcessor(3, 9, enabled: false).AddX2ApicProcessor(0x1_0003, 4)
            .AddProcessor(5, 1, enabled: false);
        var srat = new Srat(_bytes.Table());
        Assert.True(srat.TryGetDomain(3, out uint domain));
        Assert.Equal(0x1234_5602u, domain);
        Assert.True(srat.TryGetDomain(0x1_0003, out domain));
        Assert.Equal(4u, domain);
        Assert.False(srat.TryGetDomain(5, out _));
        Assert.False(srat.TryGetDomain(0x103, out _));
    }

    [Fact]
    public void The_first_revision_has_domains_of_a_byte()
    {
        _bytes.AddProcessor(0, 0x1234_5602).AddMemory(0x1234_5603, 0, 1);
        var srat = new Srat(_bytes.Table(revision: 1));
        Assert.True(srat.TryGetDomain(0, out uint domain));
        Assert.Equal(2u, domain);
        uint at = 0;
        Assert.True(srat.TryGetNextMemory(ref at, out MemoryAffinity range));
        Assert.Equal(3u, range.Domain);
    }

    [Fact]
    public void Memory_that_is_not_there_yet_is_passed_over()
    {
        _bytes.AddMemory(1, 0, 0xA_0000).AddProcessor(0, 1).AddMemory(2, 1ul << 40, 1, enabled: false).AddMemory(300, 1ul << 32, 1ul << 33);
        Assert.Equal([(1u, 0ul, 0xA_0000ul), (300u, 1ul << 32, 1ul << 33)], Ranges(_bytes.Table()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(41)]
    [InlineData(255)]
    public void A_structure_of_impossible_length_ends_the_table(int length)
    {
        _bytes.AddMemory(1, 0, 1).Add([1, .. new byte[39]], length);
        Assert.Single(Ranges(_bytes.Table()));
        Assert.False(new Srat(_bytes.Table()).TryGetDomain(0, out _));
    }

    [Fact]
    public void A_structure_that_is_too_short_for_its_type_is_passed_over()
    {
        byte[] enabled = [1, .. new byte[27], 1, .. new byte[10]];
        _bytes.Add(enabled).Add([0, 0, 5, 7, 1, .. new byte[10]]).Add([2, .. new byte[11], 1, .. new byte[10]]).AddMemory(1, 0, 1);
        Assert.Single(Ranges(_bytes.Table()));
        Assert.False(new Srat(_bytes.Table()).TryGetDomain(7, out _));
        Assert.False(new Srat(_bytes.Table()).TryGetDomain(0, out _));
    }

    [Fact]
    public void Any_bytes_are_read_to_an_end() =>
        Gen.Byte.Array[0, 600].Sample(body =>
        {
            using SratBytes bytes = new();
            Assert.InRange(Ranges(bytes.AddRaw(body).Table()).Count, 0, body.Length / 40);
        });

    private static List<(uint Domain, ulong Start, ulong Length)> Ranges(byte* table)
    {
        List<(uint, ulong, ulong)> ranges = [];
        uint at = 0;
        while (new Srat(table).TryGetNextMemory(ref at, out MemoryAffinity range))
        {
            ranges.Add((range.Domain, range.Start, range.Length));
        }

        return ranges;
    }
}
