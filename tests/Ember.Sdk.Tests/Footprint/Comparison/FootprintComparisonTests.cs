using System;
using System.Linq;
using CsCheck;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.Comparison;
using static Ember.Sdk.Tests.Footprint.Comparison.SnapshotFixture;

namespace Ember.Sdk.Tests.Footprint.Comparison;

public sealed class FootprintComparisonTests
{
    [Fact]
    public void Changes_add_up_to_the_change_of_the_totals()
    {
        Gen.Select(Any, Any).Sample((before, after) =>
        {
            FootprintDiff diff = FootprintComparison.Compare(before, after);

            Assert.Equal((before.Total, after.Total), (diff.Before, diff.After));
            Assert.Equal(diff.After - diff.Before, diff.Rows.Aggregate(default(Sizes), (sum, row) => sum + row.Delta));
            Assert.Equal(diff.Rows.OrderByDescending(row => Math.Abs(row.Delta.File)), diff.Rows);
        });
    }

    [Fact]
    public void Backwards_every_change_is_the_opposite()
    {
        Gen.Select(Any, Any).Sample((before, after) =>
        {
            FootprintDiff there = FootprintComparison.Compare(before, after);
            FootprintDiff back = FootprintComparison.Compare(after, before);

            Assert.Equal(
                there.Rows.Select(row => $"{Opposite(row.Change)} {row.Kind} {row.FormerName ?? row.Name} {row.After} {row.Before}").ToHashSet(),
                back.Rows.Select(row => $"{row.Change} {row.Kind} {row.Name} {row.Before} {row.After}").ToHashSet());
            Assert.Equal(there.Rows.Count, back.Rows.Count);
        });
    }

    [Fact]
    public void The_same_build_has_no_rows() => Any.Sample(build => Assert.Empty(FootprintComparison.Compare(build, build).Rows));

    [Fact]
    public void Grown_shrunk_added_and_removed()
    {
        FootprintDiff diff = FootprintComparison.Compare(
            Of(Piece("grown()", 100), Piece("shrunk()", 100), Piece("removed(Byte)", 300), Piece("same()", 7)),
            Of(Piece("grown()", 110), Piece("shrunk()", 80), Piece("added(Int32)", 40), Piece("same()", 7)));

        Assert.Equal(
            [
                (DiffChange.Removed, "removed(Byte)", -300L),
                (DiffChange.Added, "added(Int32)", 40L),
                (DiffChange.Shrunk, "shrunk()", -20L),
                (DiffChange.Grown, "grown()", 10L),
            ],
            diff.Rows.Select(row => (row.Change, row.Name.Replace($"{Space}.T.", "", StringComparison.Ordinal), row.Delta.File)));
        Assert.All(diff.Rows, row => Assert.Null(row.FormerName));
        Assert.Equal("before.json", diff.BaselineName);
    }

    [Fact]
    public void What_moved_without_a_change_is_told_with_its_former_name()
    {
        DiffRow row = Assert.Single(FootprintComparison.Compare(
            Of(Piece("f()", 8, Hash(1), "Old")), Of(Piece("f()", 8, Hash(1), "New", space: "Other"))).Rows);

        Assert.Equal(
            (DiffChange.Moved, "Other", "Other.New.f()", $"{Space}.Old.f()", 0L),
            (row.Change, row.Namespace, row.Name, row.FormerName, row.Delta.File));
    }

    [Theory]
    [InlineData("the same content under another name", "f()", "T", 16, 1, "g(Int32)", "T", 16, 1, true)]
    [InlineData("small content is equal by chance", "f()", "T", 15, 1, "g(Int32)", "T", 15, 1, false)]
    [InlineData("changed in a type of another namespace", "f()", "T", 80, 1, "f()", "T", 90, 2, true)]
    [InlineData("changed too much", "f()", "T", 70, 1, "f()", "T", 90, 2, false)]
    [InlineData("renamed and changed, the same parameters", "f(Int32)", "T", 80, 1, "g(Int32)", "T", 88, 2, true)]
    [InlineData("renamed and changed, other parameters", "f(Int32)", "T", 80, 1, "g(Byte)", "T", 88, 2, false)]
    [InlineData("renamed and changed, another type", "f(Int32)", "T", 80, 1, "g(Int32)", "U", 88, 2, false)]
    public void A_pair_is_made_only_of_what_is_likely_one(
        string why,
        string before,
        string typeBefore,
        long bytes,
        int hash,
        string after,
        string typeAfter,
        long bytesAfter,
        int hashAfter,
        bool isMoved)
    {
        string space = before == after ? "Elsewhere" : Space;
        FootprintDiff diff = FootprintComparison.Compare(
            Of(Piece(before, bytes, Hash(hash), typeBefore)), Of(Piece(after, bytesAfter, Hash(hashAfter), typeAfter, space: space)));

        Assert.True(isMoved == (diff.Rows.Count == 1), why);
        Assert.Equal(isMoved, diff.Rows[0].Change == DiffChange.Moved);
    }

    [Fact]
    public void Of_several_that_could_be_meant_none_is_taken()
    {
        FootprintDiff diff = FootprintComparison.Compare(
            Of(Piece("f()", 32, Hash(1))), Of(Piece("g(Byte)", 32, Hash(1)), Piece("h(Byte)", 32, Hash(1))));

        Assert.DoesNotContain(diff.Rows, row => row.Change == DiffChange.Moved);
        Assert.Equal(3, diff.Rows.Count);
    }

    [Fact]
    public void Things_of_two_kinds_are_no_pair()
    {
        FootprintDiff diff = FootprintComparison.Compare(
            Of(Piece("f()", 32, Hash(1))), Of(Piece("f()", 32, Hash(1), "U", PieceKind.Literal)));

        Assert.Equal([DiffChange.Added, DiffChange.Removed], diff.Rows.Select(row => row.Change).Order());
    }

    private static DiffChange Opposite(DiffChange change) => change switch
    {
        DiffChange.Grown => DiffChange.Shrunk,
        DiffChange.Shrunk => DiffChange.Grown,
        DiffChange.Added => DiffChange.Removed,
        DiffChange.Removed => DiffChange.Added,
        _ => change,
    };
}
