using System;
using Ember.Platform.Auditing;

namespace Ember.Platform.Faults;

/// <summary>A range of memory under its addresses, readable at any address without a fault.</summary>
public readonly ref struct MemoryWindow
{
    private readonly ReadOnlySpan<byte> _bytes;

    /// <summary>Makes a window over memory.</summary>
    /// <param name="low">The address its first byte goes by.</param>
    /// <param name="bytes">Its content.</param>
    public MemoryWindow(ulong low, ReadOnlySpan<byte> bytes)
    {
        Low = low;
        _bytes = bytes;
    }

    /// <summary>The address of the first byte.</summary>
    public ulong Low { get; }

    /// <summary>How many bytes there are.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether the window holds the byte at an address.</summary>
    public bool Contains(ulong address) => address - Low < (ulong)_bytes.Length;

    /// <summary>Reads a little-endian number.</summary>
    /// <param name="address">Where it starts; any value.</param>
    /// <param name="size">Its size, 1 to 8 bytes.</param>
    /// <param name="value">The number, zero if it does not lie inside the window as a whole.</param>
    /// <returns>Whether it does.</returns>
    [LoopBound(8, "bytes of a number")]
    public bool TryRead(ulong address, int size, out ulong value)
    {
        value = 0;
        ulong offset = address - Low;
        if (_bytes.Length < size || offset > (ulong)(_bytes.Length - size))
        {
            return false;
        }

        for (int i = size - 1; i >= 0; i--)
        {
            value = (value << 8) | _bytes[(int)offset + i];
        }

        return true;
    }
}
