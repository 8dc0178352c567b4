using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Fuzz.Tests.Engine;

/// <summary>An input of several files: before each, its length in two bytes. What is not there is empty, what is cut off short.</summary>
internal sealed class Parts
{
    private const int LengthSize = sizeof(ushort);

    private readonly List<(int Offset, byte[] Bytes)> _parts = [];

    /// <summary>Takes an input apart.</summary>
    public Parts(byte[] input)
    {
        for (int at = 0; at + LengthSize <= input.Length;)
        {
            int length = Math.Min(BitConverter.ToUInt16(input, at), input.Length - at - LengthSize);
            at += LengthSize;
            _parts.Add((at, input[at..(at + length)]));
            at += length;
        }
    }

    /// <summary>A part, to be changed as one likes.</summary>
    public byte[] this[int index] => index < _parts.Count ? _parts[index].Bytes : [];

    /// <summary>Where a part begins; behind the input when it is not there.</summary>
    public int OffsetOf(int index) => index < _parts.Count ? _parts[index].Offset : GuardedMemory.MaximumLength;

    /// <summary>Puts parts together.</summary>
    public static byte[] Join(params IEnumerable<byte[]> parts) =>
        [.. parts.SelectMany(part => (byte[])[.. BitConverter.GetBytes((ushort)part.Length), .. part])];
}
