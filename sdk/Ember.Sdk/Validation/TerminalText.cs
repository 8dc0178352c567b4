using System;
using System.Text;

namespace Ember.Sdk.Validation;

/// <summary>
/// Turns what a machine sends to a terminal into plain lines of text: escape sequences (ECMA-48) go, and one that moves the cursor or
/// clears the screen ends the line, since what follows stands elsewhere on the screen. Any control character ends a sequence and counts for
/// itself, as in the core: what a guest leaves unfinished hides nothing of the line behind it. State is kept between calls, so
/// sequences and characters may be cut anywhere.
/// </summary>
public sealed class TerminalText
{
    private const char Escape = '\x1B';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private State _state;
    private bool _lineEmpty = true;

    private enum State
    {
        Text,
        Escaped,
        Charset,
        Control,
        String,
    }

    /// <summary>Appends the plain text of <paramref name="bytes"/> to <paramref name="text"/>; lines end with LF alone.</summary>
    public void Append(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        char[] characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int count = _decoder.GetChars(bytes, characters, flush: false);
        foreach (char character in characters.AsSpan(0, count))
        {
            _state = character switch
            {
                Escape => State.Escaped,
                < ' ' => AfterText(character, text),
                _ => _state switch
                {
                    State.Text => AfterText(character, text),
                    State.Escaped => AfterEscape(character),
                    State.Charset => State.Text,
                    State.Control => AfterControl(character, text),
                    _ => State.String,
                },
            };
        }
    }

    private State AfterText(char character, StringBuilder text)
    {
        switch (character)
        {
            case '\n':
                text.Append('\n');
                _lineEmpty = true;
                break;
            case '\t':
            case >= ' ' and not '\x7F':
                text.Append(character);
                _lineEmpty = false;
                break;
        }

        return State.Text;
    }

    private static State AfterEscape(char character) => character switch
    {
        '[' or 'O' => State.Control,
        ']' or 'P' or 'X' or '^' or '_' => State.String,
        >= ' ' and <= '/' => State.Charset,
        _ => State.Text,
    };

    private State AfterControl(char character, StringBuilder text)
    {
        if (character is < '@' or > '~')
        {
            return State.Control;
        }

        if (character is 'H' or 'f' or 'J' && !_lineEmpty)
        {
            text.Append('\n');
            _lineEmpty = true;
        }

        return State.Text;
    }
}
