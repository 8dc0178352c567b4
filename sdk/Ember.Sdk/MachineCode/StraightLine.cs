namespace Ember.Sdk.MachineCode;

/// <summary>Instructions that prove something only when they run one behind the other from the first to the last.</summary>
/// <param name="First">RVA of the first.</param>
/// <param name="Last">RVA of the last.</param>
/// <param name="What">What they prove.</param>
internal readonly record struct StraightLine(uint First, uint Last, string What);
