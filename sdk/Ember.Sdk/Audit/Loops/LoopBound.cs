namespace Ember.Sdk.Audit.Loops;

/// <summary>What the source says about a loop, by the attribute <c>LoopBound</c>.</summary>
/// <param name="Rounds">The largest number of rounds; 0 is never right.</param>
/// <param name="Why">Why it holds.</param>
public sealed record LoopBound(ulong Rounds, string Why)
{
    /// <summary>Stands for no number: every round gives the processor away, to a guest or until the next interrupt.</summary>
    public const ulong Waits = ulong.MaxValue;

    /// <summary>For people: <c>256: vectors</c>.</summary>
    public override string ToString() => Rounds == Waits ? $"waits: {Why}" : $"{Rounds}: {Why}";
}
