namespace Ember.Sdk.Footprint;

/// <summary>What something takes, in bytes, in each of the places it takes room in.</summary>
/// <param name="Flash">Of the image of the key; 0 when a core alone is looked at.</param>
/// <param name="File">Of <c>core.efi</c>.</param>
/// <param name="Loaded">Of the address space of the loaded image.</param>
/// <param name="RunTime">Of memory that the running core takes besides, as it reported at its start.</param>
public readonly record struct Sizes(long Flash, long File, long Loaded, long RunTime)
{
    /// <summary>Both together.</summary>
    public static Sizes operator +(Sizes left, Sizes right) => new(
        left.Flash + right.Flash, left.File + right.File, left.Loaded + right.Loaded, left.RunTime + right.RunTime);

    /// <summary>What <paramref name="left"/> takes more.</summary>
    public static Sizes operator -(Sizes left, Sizes right) => new(
        left.Flash - right.Flash, left.File - right.File, left.Loaded - right.Loaded, left.RunTime - right.RunTime);

    /// <summary>Both together.</summary>
    public static Sizes Add(Sizes left, Sizes right) => left + right;

    /// <summary>What <paramref name="left"/> takes more.</summary>
    public static Sizes Subtract(Sizes left, Sizes right) => left - right;
}
