using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Budgets;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;
using static Ember.Sdk.Tests.Footprint.Comparison.SnapshotFixture;

namespace Ember.Sdk.Tests.Footprint.Budgets;

public sealed class BudgetCheckTests
{
    private static readonly FootprintSnapshot _core = Of(
        [
            .. Enumerable.Range(1, 12).Select(i => Piece($"f{i}()", i * 100)),
            Piece("f12()", 50, kind: PieceKind.Unwind),
            Piece("g()", 1000, space: "Ember.Core.DevicesOther"),
            Piece("h()", 10, space: "Ember.Core.Devices.Virtio"),
        ]);

    [Fact]
    public void A_core_at_its_limits_keeps_them()
    {
        ManifestBudget budget = new()
        {
            Core = Limit(8860, 7),
            Namespaces = Spaces(("Ember.Core", 8860, 8), ("Ember.Core.Devices", 7860, 9)),
        };

        Assert.Empty(BudgetCheck.Run(budget, _core));
        Assert.Empty(BudgetCheck.Run(new ManifestBudget(), _core));
    }

    [Fact]
    public void A_core_over_its_limit_is_told_with_the_ten_largest_members()
    {
        BudgetExcess excess = Assert.Single(BudgetCheck.Run(new ManifestBudget { Core = Limit(8000, 7) }, _core));

        Assert.Equal(
            "images/edge/appliance.toml:7: budget: core is 8,860 bytes, 860 over 8,000; the ten largest: "
            + "Ember.Core.Devices.T.f12() 1,250, Ember.Core.Devices.T.f11() 1,100, Ember.Core.Devices.T.f10() 1,000, "
            + "Ember.Core.DevicesOther.T.g() 1,000, Ember.Core.Devices.T.f9() 900, Ember.Core.Devices.T.f8() 800, "
            + "Ember.Core.Devices.T.f7() 700, Ember.Core.Devices.T.f6() 600, Ember.Core.Devices.T.f5() 500, Ember.Core.Devices.T.f4() 400",
            excess.Message);
        Assert.Equal((1, excess.Message), (excess.ToException().ExitCode, excess.ToException().Message));
    }

    [Fact]
    public void A_namespace_counts_with_all_under_it_and_nothing_beside()
    {
        BudgetExcess excess = Assert.Single(BudgetCheck.Run(
            new ManifestBudget { Namespaces = Spaces(("Ember.Core.DevicesOther", 1000, 8), ("Ember.Core.Devices", 7859, 9)) }, _core));

        Assert.Equal((7860L, 9), (excess.Actual, excess.Limit.Position.Line));
        Assert.StartsWith(
            "images/edge/appliance.toml:9: budget: namespace Ember.Core.Devices is 7,860 bytes, 1 over 7,859; the ten largest: Ember.",
            excess.Message,
            System.StringComparison.Ordinal);
        Assert.DoesNotContain(excess.Rows, row => row.Name.Contains("Other", System.StringComparison.Ordinal));
    }

    [Fact]
    public void Growth_is_held_against_the_baseline_and_told_with_what_grew_most()
    {
        using TemporaryFolder folder = new();
        Of([.. _core.Pieces.Skip(2), Piece("gone(Byte)", 30)]).Save(folder["footprint.json"]);
        long growth = _core.Pieces.Take(2).Sum(piece => piece.Sizes.File) - 30;
        ManifestBudget budget = new() { Growth = Limit(growth, 8), Baseline = folder["footprint.json"] };

        Assert.Empty(BudgetCheck.Run(budget, _core));
        BudgetExcess excess = Assert.Single(BudgetCheck.Run(budget with { Growth = Limit(growth - 1, 8) }, _core));

        Assert.StartsWith(
            "images/edge/appliance.toml:8: budget: against footprint.json, core grew by ", excess.Message, System.StringComparison.Ordinal);
        Assert.Contains("; the ten that grew most: ", excess.Message, System.StringComparison.Ordinal);
        Assert.Equal(growth, excess.Actual);
        Assert.Equal(
            _core.Pieces.Take(2).Select(piece => (piece.Source.FullName, piece.Sizes.File)).OrderByDescending(row => row.File),
            excess.Rows);
    }

    [Fact]
    public void Several_excesses_come_in_the_order_of_the_manifest()
    {
        ManifestBudget budget = new()
        {
            Core = Limit(1, 20),
            Namespaces = Spaces(("Ember.Core", 1, 4), ("Ember.Core.DevicesOther", 1000, 5), ("Ember.Core.Devices", 1, 3)),
        };

        Assert.Equal([3, 4, 20], BudgetCheck.Run(budget, _core).Select(excess => excess.Limit.Position.Line));
    }

    [Theory]
    [InlineData("Ember.Core.Device", "did you mean 'Ember.Core.Devices'?")]
    [InlineData("Ember.Core.DevicesO", "did you mean 'Ember.Core.Devices'?")]
    [InlineData("System", "remove the line")]
    [InlineData("", "remove the line")]
    public void A_namespace_that_nothing_lies_in_is_a_wrong_manifest(string space, string advice)
    {
        EmberException e = Assert.Throws<EmberException>(
            () => BudgetCheck.Run(new ManifestBudget { Namespaces = Spaces((space, 1, 5)) }, _core));

        Assert.Equal(
            ($"images/edge/appliance.toml:5: [budget.namespaces]: nothing in the core lies in '{space}'; {advice}", ErrorKind.Input),
            (e.Message, e.Kind));
    }

    private static BudgetLimit Limit(long bytes, int line) => new(bytes, new ManifestPosition("images/edge/appliance.toml", line));

    private static Dictionary<string, BudgetLimit> Spaces(params IReadOnlyList<(string Name, long Bytes, int Line)> spaces) =>
        spaces.ToDictionary(space => space.Name, space => Limit(space.Bytes, space.Line));
}
