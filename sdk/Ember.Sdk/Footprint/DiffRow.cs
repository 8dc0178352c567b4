namespace Ember.Sdk.Footprint;

/// <summary>What became of one thing between two builds.</summary>
/// <param name="Change">What became of it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Namespace">Its namespace now; that of before when it was removed.</param>
/// <param name="Name">Its full name now; that of before when it was removed.</param>
/// <param name="FormerName">Its full name before, when it is another one now; else null.</param>
/// <param name="Before">What it took.</param>
/// <param name="After">What it takes.</param>
public sealed record DiffRow(
    DiffChange Change, PieceKind Kind, string Namespace, string Name, string? FormerName, Sizes Before, Sizes After)
{
    /// <summary>What it takes more than before.</summary>
    public Sizes Delta => After - Before;
}
