using System;

namespace Ember.Sdk.Output;

/// <summary>Takes bytes that belong at an offset.</summary>
/// <param name="offset">In bytes, from the start of what is being made.</param>
/// <param name="bytes">Valid during the call only.</param>
public delegate void WriteAt(long offset, ReadOnlySpan<byte> bytes);
