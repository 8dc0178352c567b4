using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ember.Platform.Auditing;

namespace Ember.Platform.Text;

/// <summary>
/// One line of UTF-8 text under construction, on the stack. It carries no line end: whoever takes the line adds it.
/// Text beyond <see cref="Capacity"/> bytes is dropped and the line then ends in "...".
/// </summary>
public struct LineBuffer
{
    /// <summary>The longest line, in bytes.</summary>
    public const int Capacity = 240;

    private Storage _bytes;
    private int _length;

    /// <summary>What was appended so far. Valid until the next append.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => ((ReadOnlySpan<byte>)_bytes).Slice(0, _length);

    /// <summary>Starts the line afresh.</summary>
    public void Clear() => _length = 0;

    /// <summary>Appends UTF-8 text as it is.</summary>
    [LoopBound(Capacity + 1, "bytes that can change the line")]
    public void Append(scoped ReadOnlySpan<byte> text)
    {
        // What comes behind the first byte dropped changes nothing.
        foreach (byte value in text.Slice(0, Math.Min(text.Length, Capacity + 1)))
        {
            Append(value);
        }
    }

    /// <summary>Appends one byte of text.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Append(byte value)
    {
        if (_length < Capacity)
        {
            _bytes[_length++] = value;
        }
        else
        {
            _bytes[Capacity - 3] = (byte)'.';
            _bytes[Capacity - 2] = (byte)'.';
            _bytes[Capacity - 1] = (byte)'.';
        }
    }

    /// <summary>Appends spaces, one at least, until the text has <paramref name="length"/> bytes.</summary>
    [LoopBound(Capacity, "spaces")]
    public void PadTo(int length)
    {
        do
        {
            Append((byte)' ');
        }
        while (_length < Math.Min(length, Capacity));
    }

    /// <summary>Appends an unsigned decimal number without leading zeros.</summary>
    public void AppendDecimal(ulong value) => AppendDecimal(value, 1);

    /// <summary>Appends an unsigned decimal number of at least <paramref name="digits"/> digits (1 to 20), padded with zeros.</summary>
    [LoopBound(19, "digits to the left of the last")]
    [LoopBound(20, "digits")]
    public void AppendDecimal(ulong value, int digits)
    {
        ulong unit = 1;
        for (int i = 1; i < 20 && (i < digits || value / unit >= 10); i++)
        {
            unit *= 10;
        }

        for (; unit != 0; unit /= 10)
        {
            Append((byte)('0' + (value / unit % 10)));
        }
    }

    /// <summary>
    /// Appends lower-case hexadecimal digits without a prefix: at least <paramref name="digits"/> of them (1 to 16), more
    /// if the value needs more.
    /// </summary>
    [LoopBound(16, "digits")]
    public void AppendHex(ulong value, int digits)
    {
        for (int shift = 60; shift >= 0; shift -= 4)
        {
            if (shift < digits * 4 || value >> shift != 0)
            {
                uint digit = (uint)(value >> shift) & 15;
                Append((byte)(digit + (digit < 10 ? '0' : 'a' - 10u)));
            }
        }
    }

    /// <summary>
    /// Appends a length in bytes for people: whole binary units where it is a multiple of them ("256 MiB", "4 KiB"),
    /// decimal units rounded to a tenth otherwise ("14.2 MB"), "512 bytes" below one thousand.
    /// </summary>
    [LoopBound(6, "prefixes")]
    [LoopBound(6, "prefixes: a number of 64 bits has fewer than 10,000 tenths of the last")]
    public void AppendSize(ulong bytes)
    {
        ReadOnlySpan<byte> prefixes = "KMGTPE"u8;
        int binary = 0;
        ulong count = bytes;
        for (; binary < prefixes.Length && count % 1024 == 0 && count != 0; binary++)
        {
            count /= 1024;
        }

        if (binary != 0 && count < 10_000)
        {
            AppendDecimal(count);
            Append((byte)' ');
            Append(prefixes[binary - 1]);
            Append("iB"u8);
            return;
        }

        if (bytes < 1000)
        {
            AppendDecimal(bytes);
            Append(bytes == 1 ? " byte"u8 : " bytes"u8);
            return;
        }

        ulong tenth = 100;
        int unit = 0;
        for (; Tenths(bytes, tenth) >= 10_000; unit++)
        {
            tenth *= 1000;
        }

        ulong tenths = Tenths(bytes, tenth);
        AppendDecimal(tenths / 10);
        Append((byte)'.');
        AppendDecimal(tenths % 10);
        Append((byte)' ');
        Append(unit == 0 ? (byte)'k' : prefixes[unit]);
        Append((byte)'B');
    }

    /// <summary>Appends a time in seconds to the millisecond, cut off and not rounded: 2345999999 ns is "2.345".</summary>
    public void AppendSeconds(ulong nanoseconds)
    {
        ulong milliseconds = nanoseconds / 1_000_000;
        AppendDecimal(milliseconds / 1000);
        Append((byte)'.');
        AppendDecimal(milliseconds % 1000, 3);
    }

    private static ulong Tenths(ulong bytes, ulong tenth) => (bytes / tenth) + (bytes % tenth >= tenth / 2 ? 1u : 0u);

    [InlineArray(Capacity)]
    private struct Storage
    {
        private byte _first;
    }
}
