namespace Ember.Sdk.Symbols;

/// <summary>Which line of source an instruction was compiled from.</summary>
/// <param name="Offset">The instruction, in bytes from the function's start; the line holds until the next one's offset.</param>
/// <param name="File">The file, as the build calls it: the checkout is <c>/ember/</c>.</param>
/// <param name="Line">The line, from 1; 0 where the compiler made code that stands in no line.</param>
public readonly record struct SourceLine(uint Offset, string File, int Line);
