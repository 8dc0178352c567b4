namespace Ember.Sdk.Validation;

/// <summary>What a run of an image showed.</summary>
/// <param name="Verdict">Whether it did what it should.</param>
/// <param name="End">How the machine ended.</param>
/// <param name="Timeline">Where the time went.</param>
/// <param name="Left">True when the person at the terminal left before the machine's end.</param>
public sealed record RunResult(RunVerdict Verdict, MachineEnd End, Timeline Timeline, bool Left);
