namespace Ember.Sdk.MachineCode;

/// <summary>
/// A jump back to code that leads to it again: every cycle in a function's flow has at least one, so what bounds these bounds it.
/// </summary>
/// <param name="From">RVA of the instruction that jumps, or runs on, back.</param>
/// <param name="To">RVA of the first instruction of the loop.</param>
public readonly record struct BackEdge(uint From, uint To);
