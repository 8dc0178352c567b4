using System;

namespace Ember.Platform.Auditing;

/// <summary>
/// Bounds a loop of the method it stands on, for one call of it: one attribute a loop, in the order in which the loops begin. Every
/// method that an exit of a guest or an interrupt may lead to has to have them: the audit checks that, by its rule 8.
/// </summary>
/// <param name="rounds">The largest number of rounds whatever guest and devices do, or <see cref="Waits"/>.</param>
/// <param name="why">What there are so many of, or what else makes it hold.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Constructor, AllowMultiple = true)]
public sealed class LoopBoundAttribute(ulong rounds, string why) : Attribute
{
    /// <summary>
    /// No number: every round gives the processor away, to a guest or until the next interrupt. The audit checks that no round can do
    /// without.
    /// </summary>
    public const ulong Waits = ulong.MaxValue;

    public ulong Rounds => rounds;

    public string Why => why;
}
