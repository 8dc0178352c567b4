using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ember.Core.Machines.Acpi;

/// <summary>Writes ACPI tables one behind the other into memory that is zero.</summary>
internal ref struct TableWriter
{
    /// <summary>Bytes of the header all tables but RSDP and FACS begin with (ACPI 6.5, section 5.2.6).</summary>
    public const int HeaderBytes = 36;

    private readonly Span<byte> _memory;

    /// <summary>Where the next byte goes.</summary>
    public int Position;

    public TableWriter(Span<byte> memory)
    {
        _memory = memory;
        Position = 0;
    }

    public void Append<T>(T value)
        where T : unmanaged
    {
        Span<byte> place = _memory.Slice(Position, Unsafe.SizeOf<T>());
        Unsafe.WriteUnaligned(ref MemoryMarshal.GetReference(place), value);
        Position += Unsafe.SizeOf<T>();
    }

    public void Append(scoped ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            _memory[Position++] = value;
        }
    }

    /// <summary>Leaves zeros up to a multiple of <paramref name="alignment"/>, a power of two.</summary>
    public void Align(int alignment) => Position = (Position + alignment - 1) & -alignment;

    /// <summary>Replaces a byte.</summary>
    public readonly void Patch(int position, byte value) => _memory[position] = value;

    /// <summary>
    /// Gives the bytes from <paramref name="start"/> on their header, whose place must have been left, with length and checksum.
    /// </summary>
    public void Finish(int start, scoped ReadOnlySpan<byte> signature, byte revision)
    {
        int end = Position;
        Position = start;
        Append(signature);
        Append(end - start);
        Append(revision);
        Append((byte)0);
        Append("EMBER EMBERVM "u8);
        Append(1U);
        Append("EMBR"u8);
        Append(1U);
        Position = end;
        const int ChecksumOffset = 9;
        SetChecksum(start, end - start, start + ChecksumOffset);
    }

    /// <summary>Makes the sum of some bytes zero by setting one of them.</summary>
    public readonly void SetChecksum(int start, int length, int position)
    {
        byte sum = 0;
        foreach (byte value in _memory.Slice(start, length))
        {
            sum += value;
        }

        _memory[position] -= sum;
    }
}
