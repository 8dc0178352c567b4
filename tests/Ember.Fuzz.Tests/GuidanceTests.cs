using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Targets;

namespace Ember.Fuzz.Tests;

/// <summary>What is reached depends on the branches that are counted, and on nothing but them and the seed.</summary>
public sealed class GuidanceTests
{
    private const int Runs = 100_000;

    [Fact]
    public void The_readers_count_their_branches()
    {
        FuzzTarget target = FuzzTargets.Of("manifest");
        using GuardedMemory memory = Corpus.MemoryFor(target);
        Fuzzer fuzzer = new(target, memory, 0);
        Assert.NotEqual(0, fuzzer.Execute(target.Seeds[0]));
        Assert.Equal(0, fuzzer.Execute(target.Seeds[0]));
        int edges = fuzzer.Coverage.Edges;
        Assert.NotEqual(0, fuzzer.Execute([]));
        Assert.InRange(fuzzer.Coverage.Edges, edges + 1, edges + 20);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_second_file_of_a_manifest_is_made_of_zeros_by_who_sees_branches(ulong seed)
    {
        WholeManifest target = new();
        using GuardedMemory memory = Corpus.MemoryFor(target);
        FailedInputException found = Assert.Throws<FailedInputException>(
            () => new Fuzzer(target, memory, seed).Add(target.Seeds).Run(Runs));
        Assert.Equal(BankManifestStatus.Good, BankManifest.TryRead(found.Input, out _));
    }

    [Fact]
    public void And_by_nobody_who_does_not()
    {
        WholeManifest target = new();
        using GuardedMemory memory = Corpus.MemoryFor(target);
        Fuzzer blind = new Fuzzer(target, memory, 1) { IsGuided = false }.Add(target.Seeds).Run(Runs);
        Assert.Equal(Runs + 1, blind.Executions);
    }

    [Fact]
    public void The_same_seed_does_the_same()
    {
        FuzzTarget target = FuzzTargets.Of("plan");
        using GuardedMemory memory = Corpus.MemoryFor(target);
        IReadOnlyList<byte[]>[] runs =
            [.. ((ulong[])[5, 5, 6]).Select(seed => new Fuzzer(target, memory, seed).Add(target.Seeds).Run(500).Inputs)];
        Assert.Equal(runs[0], runs[1]);
        Assert.NotEqual(runs[0], runs[2]);
    }

    [Fact]
    public void The_smallest_inputs_that_reach_the_same_are_kept()
    {
        FuzzTarget target = FuzzTargets.Of("manifest");
        using GuardedMemory memory = Corpus.MemoryFor(target);
        Fuzzer all = new Fuzzer(target, memory, 1).Add([.. target.Seeds, .. target.Seeds]).Run(1000);
        IReadOnlyList<byte[]> least = Fuzzer.Minimize(target, memory, all.Inputs);
        Assert.InRange(least.Count, 2, all.Inputs.Count - 2);
        Assert.Equal(all.Coverage.Edges, new Fuzzer(target, memory, 1).Add(least).Coverage.Edges);
    }

    /// <summary>Fails where a manifest is accepted; begins with one of two files, and nothing of the second.</summary>
    private sealed class WholeManifest : FuzzTarget
    {
        public override string Name => "whole-manifest";

        public override IReadOnlyList<byte[]> Seeds { get; } =
        [
            [
                .. FuzzTargets.Of("manifest").Seeds[0].AsSpan(0, 12), .. BitConverter.GetBytes(512), .. BitConverter.GetBytes(2),
                .. FuzzTargets.Of("manifest").Seeds[0].AsSpan(20, 364), .. new byte[128],
            ],
        ];

        public override IEnumerable<StructurePlace> Places(byte[] input) => ManifestTarget.PlacesAt(0, input.Length);

        public override void Run(byte[] input, GuardedMemory memory) =>
            Require(BankManifest.TryRead(memory.Place(input), out _) != BankManifestStatus.Good, "it is one");
    }
}
