using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>
/// Has a target read mutated inputs, and mutates on what took a branch that none before it did. What it does follows from the seed, the
/// inputs it is given and the code alone.
/// </summary>
/// <param name="target">The target.</param>
/// <param name="memory">Where the readers' bytes are put.</param>
/// <param name="seed">Of the dice.</param>
internal sealed class Fuzzer(FuzzTarget target, GuardedMemory memory, ulong seed)
{
    private readonly Dice _dice = new(seed);
    private readonly List<byte[]> _inputs = [];

    /// <summary>What has been reached.</summary>
    public Coverage Coverage { get; private init; } = new();

    /// <summary>How often the target has run.</summary>
    public long Executions { get; private set; }

    /// <summary>Whether an input that takes a new branch is kept to be mutated on. Otherwise only those given are.</summary>
    public bool IsGuided { get; init; } = true;

    /// <summary>Those given, and those that took new branches.</summary>
    public IReadOnlyList<byte[]> Inputs => _inputs;

    /// <summary>Gives inputs.</summary>
    /// <returns>This.</returns>
    public Fuzzer Add(IEnumerable<byte[]> inputs)
    {
        foreach (byte[] input in inputs)
        {
            Execute(input);
            _inputs.Add(input);
        }

        return this;
    }

    /// <summary>Mutates and runs.</summary>
    /// <param name="runs">How often.</param>
    /// <returns>This.</returns>
    public Fuzzer Run(long runs)
    {
        for (long i = 0; i < runs; i++)
        {
            // Every second time one of the last: they lead on.
            int recent = Math.Min(_inputs.Count, 8);
            int index = _dice.Below(2) == 0 ? _inputs.Count - 1 - _dice.Below(recent) : _dice.Below(_inputs.Count);
            byte[] mutated = Mutator.Mutate(_inputs[index], _inputs[_dice.Below(_inputs.Count)], target, _dice);
            if (Execute(mutated) != 0 && IsGuided)
            {
                _inputs.Add(mutated);
            }
        }

        return this;
    }

    /// <summary>The smallest of some inputs that together take all branches that all of them take.</summary>
    public static IReadOnlyList<byte[]> Minimize(FuzzTarget target, GuardedMemory memory, IEnumerable<byte[]> inputs)
    {
        Fuzzer all = new(target, memory, 0) { Coverage = new Coverage(isCounted: false) };
        return [.. inputs.OrderBy(input => input.Length).ThenBy(Corpus.NameOf, StringComparer.Ordinal)
            .Where(input => all.Execute(input) != 0)];
    }

    /// <summary>Runs one input.</summary>
    /// <returns>How much of what it reached was new.</returns>
    /// <exception cref="FailedInputException">Something did not hold.</exception>
    public int Execute(byte[] input)
    {
        memory.Place(input);
        Coverage.Begin();
        Watchdog.Begin();
        try
        {
            target.Run(input, memory);
        }
        catch (Exception e)
        {
            throw new FailedInputException(target, input, Executions, e);
        }
        finally
        {
            Watchdog.End();
        }

        Executions++;
        return Coverage.End();
    }
}
