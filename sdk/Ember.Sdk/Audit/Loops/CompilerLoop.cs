namespace Ember.Sdk.Audit.Loops;

/// <summary>A loop of machine code that no source has: what clears or copies a block of memory.</summary>
/// <param name="Rva">Where it is.</param>
/// <param name="Rounds">How many rounds it makes, when the code itself says so; null when that is computed.</param>
public readonly record struct CompilerLoop(uint Rva, uint? Rounds);
