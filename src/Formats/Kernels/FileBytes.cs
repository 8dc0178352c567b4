using System;
using System.Runtime.CompilerServices;

namespace Ember.Formats.Kernels;

/// <summary>A file in memory. Every offset that the file itself gives passes through here; no sum can wrap.</summary>
internal readonly ref struct FileBytes(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Whether a range is wholly in the file.</summary>
    public bool Contains(ulong offset, ulong length) =>
        offset <= (ulong)_bytes.Length && length <= (ulong)_bytes.Length - offset;

    /// <summary>Copies a value out; false, and the default value, if it is not wholly in the file.</summary>
    public unsafe bool TryRead<T>(ulong offset, out T value)
        where T : unmanaged
    {
        if (!Contains(offset, (ulong)sizeof(T)))
        {
            value = default;
            return false;
        }

        value = Unsafe.ReadUnaligned<T>(in _bytes.Slice((int)offset).GetPinnableReference());
        return true;
    }
}
