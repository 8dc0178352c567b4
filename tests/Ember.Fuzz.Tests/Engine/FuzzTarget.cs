using System.Collections.Generic;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>A reader of what lies on flash, and what must hold whatever it reads.</summary>
internal abstract class FuzzTarget
{
    /// <summary>Its name on the command line and of its folder in the corpus.</summary>
    public abstract string Name { get; }

    /// <summary>How often a quick run executes it.</summary>
    public virtual int QuickRuns => 2000;

    /// <summary>Inputs as the SDK makes them.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Where the structures lie in an input, which may be damaged.</summary>
    public virtual IEnumerable<StructurePlace> Places(byte[] input) => [];

    /// <summary>Has the reader read.</summary>
    /// <param name="input">The input.</param>
    /// <param name="memory">Where the reader's bytes are put, so that it cannot read behind them.</param>
    /// <exception cref="FuzzException">Something does not hold that must.</exception>
    public abstract void Run(byte[] input, GuardedMemory memory);

    /// <summary>States what must hold.</summary>
    protected static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new FuzzException(otherwise);
        }
    }
}
