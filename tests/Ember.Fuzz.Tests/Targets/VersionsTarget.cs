using System.Collections.Generic;
using Ember.Formats.Banks;
using Ember.Fuzz.Tests.Engine;

namespace Ember.Fuzz.Tests.Targets;

/// <summary><see cref="ProductVersions"/>: of any versions there is an order, else an update could go round in a circle.</summary>
internal sealed class VersionsTarget : FuzzTarget
{
    /// <inheritdoc/>
    public override string Name => "versions";

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> Seeds { get; } =
        [Parts.Join("1.9.0"u8.ToArray(), "1.10.0"u8.ToArray(), "1.10.0-rc1"u8.ToArray()), Parts.Join("07"u8.ToArray(), "7"u8.ToArray())];

    /// <inheritdoc/>
    public override void Run(byte[] input, GuardedMemory memory)
    {
        Parts parts = new(input);
        byte[] a = parts[0];
        byte[] b = parts[1];
        byte[] c = parts[2];
        bool isAbove = ProductVersions.IsAbove(memory.Place(a), b);
        Require(isAbove == ProductVersions.IsAbove(a, memory.Place(b)), "it depends on where the bytes lie");
        Require(!isAbove || !ProductVersions.IsAbove(b, a), "each is above the other");
        Require(!ProductVersions.IsAbove(a, a), "it is above itself");
        Require(
            !isAbove || !ProductVersions.IsAbove(b, c) || ProductVersions.IsAbove(a, c),
            "above one that is above a third, and not above that");
    }
}
