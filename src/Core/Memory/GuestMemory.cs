using System;
using System.Runtime.CompilerServices;

namespace Ember.Core.Memory;

/// <summary>
/// A guest's RAM: contiguous guest-physical memory from 0 to <see cref="Size"/>, mapped for the host in one piece.
/// Every address and length that a guest gives passes through here; no sum can wrap.
/// </summary>
/// <remarks>
/// The guest may write the same bytes while they are looked at. What must not change between check and use is copied out
/// with <see cref="TryRead{T}"/> first.
/// </remarks>
public readonly unsafe struct GuestMemory
{
    private readonly byte* _origin;

    /// <summary>Bytes of guest RAM; the first address behind it.</summary>
    public readonly ulong Size;

    /// <param name="origin">The host's address of guest-physical address 0.</param>
    /// <param name="size">Bytes of guest RAM.</param>
    public GuestMemory(byte* origin, ulong size)
    {
        _origin = origin;
        Size = size;
    }

    /// <summary>Gives the host's address of guest-physical memory; false if any of its bytes is outside RAM.</summary>
    /// <param name="address">Guest-physical address, any value.</param>
    /// <param name="length">Bytes, any value; 0 is inside RAM up to and including its end.</param>
    /// <param name="host">The host's address, valid for <paramref name="length"/> bytes; null on false.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGetPointer(ulong address, ulong length, out byte* host)
    {
        if (address > Size || length > Size - address)
        {
            host = null;
            return false;
        }

        host = _origin + address;
        return true;
    }

    /// <summary>Copies a value out of guest memory; false, and the default value, if it is not wholly in RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryRead<T>(ulong address, out T value)
        where T : unmanaged
    {
        if (!TryGetPointer(address, (ulong)sizeof(T), out byte* host))
        {
            value = default;
            return false;
        }

        value = Unsafe.ReadUnaligned<T>(host);
        return true;
    }

    /// <summary>Copies a value into guest memory; false, and nothing written, if it would not be wholly in RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite<T>(ulong address, T value)
        where T : unmanaged
    {
        if (!TryGetPointer(address, (ulong)sizeof(T), out byte* host))
        {
            return false;
        }

        Unsafe.WriteUnaligned(host, value);
        return true;
    }

    /// <summary>Copies bytes into guest memory; false, and nothing written, if they would not all be in RAM.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> bytes)
    {
        if (!TryGetPointer(address, (ulong)(uint)bytes.Length, out byte* host))
        {
            return false;
        }

        bytes.CopyTo(new Span<byte>(host, bytes.Length));
        return true;
    }
}
