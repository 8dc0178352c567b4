using System;
using System.Diagnostics.CodeAnalysis;
using Ember.Platform.Console;
using Ember.Platform.Text;

namespace Ember.Core.Console;

/// <summary>
/// Collects what a guest writes into lines that can do nothing but be read: control characters but the tabulator, escape sequences,
/// what is no UTF-8, and every character that some reader takes for the end of a line are dropped. So is the last byte of what would be
/// the beginning of somebody else's line to a reader who takes each byte for a character, and 0x85, in "Å", for the end of a line.
/// </summary>
internal struct GuestLine
{
    private const int LongestCharacter = 4;

    private LineBuffer _text;
    private EscapeSequence _escape;
    private PrefixGuard _guard;
    private byte _lead;
    private byte _continuations;
    private bool _returned;
    private bool _touched;

    /// <summary>What has come of the line. Valid until the next byte.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Text => _text.Text;

    /// <summary>Whether the beginning of the line was written before.</summary>
    public bool Continues { get; private set; }

    /// <summary>Whether the line is over and the next byte begins another: a carriage return has come that no line feed follows.</summary>
    /// <param name="next">The next byte.</param>
    public readonly bool EndsBefore(byte next) => _returned && next is not ((byte)'\n' or (byte)'\r');

    /// <summary>Takes a byte. If it returns true, the line has to be written and <see cref="Next"/> to be called.</summary>
    /// <returns>Whether there is no room for another character, or the line is over.</returns>
    public bool Take(byte value)
    {
        _touched = true;
        if (_escape.Take(value, out _))
        {
            return false;
        }

        if (value > '~')
        {
            TakePart(value);
        }
        else
        {
            _continuations = 0;
            _lead = 0;
            _returned |= value == '\r' && !_text.Text.IsEmpty;
            if (value is >= (byte)' ' or (byte)'\t')
            {
                Append(value);
            }
        }

        return value == '\n' || _text.Text.Length > LineBuffer.Capacity - LongestCharacter;
    }

    /// <summary>Begins the next line.</summary>
    /// <param name="continues">Whether it goes on with the same line of the guest's.</param>
    public void Next(bool continues)
    {
        _text.Clear();
        _guard = default;
        _lead = 0;
        _continuations = 0;
        _returned = false;
        Continues = continues;
    }

    /// <summary>Whether text waits and no byte has come since this was asked for the last time.</summary>
    public bool TakeIdle()
    {
        bool idle = !_touched && !_text.Text.IsEmpty;
        _touched = false;
        return idle;
    }

    /// <summary>
    /// Takes a byte of a character of several bytes (Unicode 15, table 3-7). The first is held back until the second has shown that
    /// they are neither one of the control characters U+0080 to U+009F nor an overlong form of any.
    /// </summary>
    private void TakePart(byte value)
    {
        bool continues = value is >= 0x80 and <= 0xBF;
        if (_lead != 0 && continues)
        {
            byte least = _lead switch
            {
                0xC2 or 0xE0 => 0xA0,
                0xF0 => 0x90,
                _ => 0x80,
            };
            if (value >= least)
            {
                Append(_lead);
                Append(value);
                _continuations = (byte)(_lead < 0xE0 ? 0 : _lead < 0xF0 ? 1 : 2);
            }

            _lead = 0;
        }
        else if (continues && _continuations != 0)
        {
            _continuations--;
            if (!EndsSeparator(value))
            {
                Append(value);
            }
        }
        else
        {
            _continuations = 0;
            _lead = value is >= 0xC2 and <= 0xF4 ? value : (byte)0;
        }
    }

    private void Append(byte value)
    {
        PrefixGuard guard = _guard;
        if (guard.Take(value, isText: true) == ForgedPrefix.None)
        {
            _guard = guard;
            _text.Append(value);
        }
    }

    /// <summary>U+2028 and U+2029, line and paragraph separator.</summary>
    private readonly bool EndsSeparator(byte value)
    {
        ReadOnlySpan<byte> text = _text.Text;
        return value is 0xA8 or 0xA9 && text.Length >= 2 && text[text.Length - 2] == 0xE2 && text[text.Length - 1] == 0x80;
    }
}
