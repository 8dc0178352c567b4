using System;
using System.IO;
using System.Linq;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Targets;

namespace Ember.Fuzz.Tests;

/// <summary>Whatever was ever found is decided, and so is what lies around it.</summary>
public sealed class CorpusTests
{
    private const int MostBytes = 400_000;

    public static TheoryData<string> Names { get; } = [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_input_of_the_corpus_is_decided_and_so_are_mutations_of_it(string name) => Fuzz(name, 1, target => target.QuickRuns);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Category", "Slow")]
    public void Fifty_times_as_many_mutations_are_decided(string name) => Fuzz(name, 2, target => 50 * target.QuickRuns);

    [Theory]
    [MemberData(nameof(Names))]
    [Trait("Category", "Fuzz")]
    public void Two_thousand_times_as_many_mutations_are_decided(string name) => Fuzz(name, 3, target => 2000L * target.QuickRuns);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_corpus_takes_branches_that_its_seeds_do_not(string name)
    {
        FuzzTarget target = FuzzTargets.Of(name);
        using GuardedMemory memory = Corpus.MemoryFor(target);
        int seeds = new Fuzzer(target, memory, 0).Add(target.Seeds).Coverage.Edges;
        int corpus = new Fuzzer(target, memory, 0).Add(Corpus.Read(target)).Coverage.Edges;
        Assert.InRange(seeds, 20, corpus - 1);
    }

    [Fact]
    public void The_corpus_is_small_and_every_file_has_the_name_of_its_content()
    {
        Assert.InRange(FuzzTargets.All.Sum(Corpus.LengthOf), 1, MostBytes);
        foreach (FuzzTarget target in FuzzTargets.All)
        {
            Assert.Equal(
                Corpus.Read(target).Select(Corpus.NameOf),
                Directory.GetFiles(Corpus.FolderOf(target)).Order(StringComparer.Ordinal).Select(Path.GetFileNameWithoutExtension));
        }
    }

    private static void Fuzz(string name, ulong seed, Func<FuzzTarget, long> runs)
    {
        FuzzTarget target = FuzzTargets.Of(name);
        using GuardedMemory memory = Corpus.MemoryFor(target);
        try
        {
            new Fuzzer(target, memory, seed).Add([.. target.Seeds, .. Corpus.Read(target)]).Run(runs(target));
        }
        catch (FailedInputException e)
        {
            Assert.Fail($"{e.Message}\nkept as {Corpus.Keep(e)}");
        }
    }
}
