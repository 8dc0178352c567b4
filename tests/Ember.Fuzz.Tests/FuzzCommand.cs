using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Ember.Fuzz.Tests.Engine;
using Ember.Fuzz.Tests.Targets;

namespace Ember.Fuzz.Tests;

/// <summary>What the program does.</summary>
internal static class FuzzCommand
{
    /// <summary>Fuzzes.</summary>
    public static int Run(string name, long runs, ulong seed, bool merge)
    {
        Console.WriteLine("| target | executions | a second | branches | of the seeds | inputs | bytes |\n|---|---|---|---|---|---|---|");
        foreach (FuzzTarget target in name == "all" ? FuzzTargets.All : [FuzzTargets.Of(name)])
        {
            try
            {
                Run(target, runs, seed, merge);
            }
            catch (FailedInputException e)
            {
                string path = Corpus.Keep(e);
                Console.Error.WriteLine(
                    $"{e.Message}\nrepeat it: dotnet run --project tests/Ember.Fuzz.Tests -- repeat {target.Name} {path}");
                return 1;
            }
        }

        return 0;
    }

    /// <summary>Runs one input.</summary>
    public static int Repeat(string name, string path)
    {
        byte[] input = path.EndsWith(".running", StringComparison.Ordinal) ? GuardedMemory.Recover(path) : File.ReadAllBytes(path);
        FuzzTarget target = FuzzTargets.Of(name);
        using GuardedMemory memory = Corpus.MemoryFor(target);
        new Fuzzer(target, memory, 0).Execute(input);
        return 0;
    }

    private static void Run(FuzzTarget target, long runs, ulong seed, bool merge)
    {
        using GuardedMemory memory = Corpus.MemoryFor(target);
        int ofSeeds = new Fuzzer(target, memory, seed).Add(target.Seeds).Coverage.Edges;
        Stopwatch time = Stopwatch.StartNew();
        Fuzzer fuzzer = new Fuzzer(target, memory, seed).Add([.. target.Seeds, .. Corpus.Read(target)]).Run(runs);
        double rate = fuzzer.Executions / time.Elapsed.TotalSeconds;
        IReadOnlyList<byte[]> inputs = merge ? Fuzzer.Minimize(target, memory, fuzzer.Inputs) : fuzzer.Inputs;
        if (merge)
        {
            Corpus.Write(target, inputs);
        }

        Console.WriteLine(
            $"| {target.Name} | {fuzzer.Executions} | {rate:0} | {fuzzer.Coverage.Edges} | {ofSeeds} "
                + $"| {inputs.Count} | {inputs.Sum(input => input.Length)} |");
    }
}
