using System.Collections.Generic;
using System.Runtime.InteropServices;
using CsCheck;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization;

/// <summary>ASIDs and VPIDs: a translation that one virtual processor has left in a TLB is never met by another.</summary>
public sealed unsafe class TranslationIdentifierTests
{
    [Fact]
    public void The_first_on_a_processor_flushes_what_was_there_before()
    {
        HostContext host = new() { IdentifierCount = 4, NextIdentifier = 4 };
        TranslationIdentifier first = default;
        TranslationIdentifier second = default;
        Assert.True(first.Renew(&host, out bool flush));
        Assert.True(flush);
        Assert.True(second.Renew(&host, out flush));
        Assert.False(flush);
        Assert.Equal((1u, 2u), (first.Value, second.Value));
        Assert.False(first.Renew(&host, out _));
        Assert.Equal(1u, first.Value);
    }

    /// <summary>
    /// A model of the TLBs: each remembers under which identifier which virtual processor was last, until it is flushed. What an
    /// identifier meets there is its own, and from no earlier stay than the one that is going on.
    /// </summary>
    [Fact]
    public void Whoever_moves_wherever_meets_only_what_is_its_own() =>
        Gen.Select(Gen.Int[0, 2], Gen.Int[0, 5]).List[1, 200].Sample(moves =>
        {
            const int Hosts = 3;
            const uint Identifiers = 4;
            var hosts = (HostContext*)NativeMemory.AllocZeroed(Hosts, (nuint)sizeof(HostContext));
            try
            {
                var tlbs = new Dictionary<uint, (int Owner, int Stay)>[Hosts];
                for (int i = 0; i < Hosts; i++)
                {
                    hosts[i].IdentifierCount = Identifiers;
                    hosts[i].NextIdentifier = Identifiers;
                    tlbs[i] = new() { [1] = (-1, 0), [2] = (-1, 0), [3] = (-1, 0) };
                }

                var processors = new TranslationIdentifier[6];
                int[] places = [-1, -1, -1, -1, -1, -1];
                int[] stays = new int[6];
                foreach ((int host, int processor) in moves)
                {
                    stays[processor] += places[processor] == host ? 0 : 1;
                    places[processor] = host;
                    processors[processor].Renew(hosts + host, out bool flush);
                    if (flush)
                    {
                        tlbs[host].Clear();
                    }

                    uint identifier = processors[processor].Value;
                    Assert.InRange(identifier, 1u, Identifiers - 1);
                    if (tlbs[host].TryGetValue(identifier, out (int, int) met))
                    {
                        Assert.Equal((processor, stays[processor]), met);
                    }

                    tlbs[host][identifier] = (processor, stays[processor]);
                }
            }
            finally
            {
                NativeMemory.Free(hosts);
            }
        });
}
