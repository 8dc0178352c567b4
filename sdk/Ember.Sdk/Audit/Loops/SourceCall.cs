namespace Ember.Sdk.Audit.Loops;

/// <summary>A place in a method's IL that names another method.</summary>
/// <param name="Offset">Where the instruction begins.</param>
/// <param name="Key">The method's key.</param>
internal readonly record struct SourceCall(int Offset, string Key);
