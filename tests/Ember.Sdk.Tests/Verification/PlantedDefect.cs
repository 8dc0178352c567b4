using System;

namespace Ember.Sdk.Tests.Verification;

/// <summary>Something wrong with a key, and by which rule it must be found.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Id">The rule's id.</param>
/// <param name="Make">Makes the image from a good one, which it may change.</param>
internal sealed record PlantedDefect(string Name, string Id, Func<KeyBytes, byte[]> Make)
{
    /// <summary>A defect made by changing bytes.</summary>
    public static PlantedDefect InBytes(string name, string id, Action<KeyBytes> plant) => new(
        name,
        id,
        key =>
        {
            plant(key);
            return key.Bytes;
        });

    /// <summary>A defect made before the image is written.</summary>
    public static PlantedDefect InContent(string name, string id, Action<SignedKey> plant) => new(
        name,
        id,
        _ =>
        {
            SignedKey key = new();
            plant(key);
            return key.Write();
        });

    public override string ToString() => Name;
}
