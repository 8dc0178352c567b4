using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Guests;

namespace Ember.Boot.Tests;

/// <summary>What is read from the guest that measures exits.</summary>
public sealed class ExitCostTests
{
    [Fact]
    public void Costs_are_what_the_loop_did_not_take()
    {
        IReadOnlyDictionary<string, double> costs = ExitCosts.Read(
            ["ember: vm guest running", "exit loop 3000", "exit cpuid 283000", "exit port-read 5500", "exit apic-write 3000"]);
        Assert.Equal([("cpuid", 280), ("port-read", 2.5), ("apic-write", 0)], costs.Select(cost => (cost.Key, cost.Value)));
    }

    [Theory]
    [InlineData("exit cpuid 283000", "exit port-read 5500", "exit apic-write 3000")]
    [InlineData("exit loop 3000", "exit cpuid 283000", "exit port-read 5500")]
    [InlineData("exit loop 3000", "exit cpuid ", "exit port-read 5500", "exit apic-write 3000")]
    public void A_guest_that_stopped_half_way_has_no_costs(params string[] lines) =>
        Assert.Throws<FormatException>(() => ExitCosts.Read(lines));
}
