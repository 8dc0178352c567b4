namespace Ember.Sdk.MachineCode;

/// <summary>A function that is entered at more places than its start, evenly spaced: interrupt entries.</summary>
/// <param name="Function">The function's symbol.</param>
/// <param name="Count">How many entries.</param>
/// <param name="Stride">Bytes from one to the next.</param>
public sealed record CodeTable(string Function, int Count, int Stride);
