using System;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Audit;

/// <summary>A function of a <see cref="SmallImage"/>.</summary>
/// <param name="Rva">Where it lies.</param>
/// <param name="Kind">Whether compiled or a stub.</param>
/// <param name="Frame">Bytes of stack that its prologue takes and its epilogue gives back; unwind information tells them.</param>
/// <param name="Body">What it does between prologue and epilogue; a function without a frame also returns.</param>
internal sealed record SmallFunction(uint Rva, SymbolKind Kind, int Frame, Action<SmallCode> Body);
