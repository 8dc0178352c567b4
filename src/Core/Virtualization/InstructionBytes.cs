using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Ember.Core.Virtualization;

/// <summary>Up to 15 bytes of guest code, copied out so that the guest cannot change them any more.</summary>
public struct InstructionBytes
{
    /// <summary>No instruction is longer.</summary>
    public const int MaximumLength = 15;

    internal Storage Bytes;
    internal int Count;

    /// <summary>The bytes there are. Valid as long as this structure.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Span => ((ReadOnlySpan<byte>)Bytes).Slice(0, Count);

    [InlineArray(16)]
    internal struct Storage
    {
        private byte _first;
    }
}
