namespace Ember.Sdk.MachineCode;

/// <summary>Something that keeps an image's code from being followed.</summary>
/// <param name="Kind">What about it.</param>
/// <param name="Rva">Where.</param>
/// <param name="What">What is wrong there.</param>
public sealed record CodeFlaw(CodeFlawKind Kind, uint Rva, string What);
