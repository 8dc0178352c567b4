using System;
using System.Text;

namespace Ember.Sdk.Validation;

/// <summary>
/// Turns what a machine sends to a terminal into plain lines of text: escape sequences go, and one that moves the cursor or
/// clears the screen ends the line, since what follows stands elsewhere on the screen. State is kept between calls, so sequences
/// and characters may be cut anywhere.
/// </summary>
public sealed class TerminalText
{
    private const char Escape = '\x1B';
    private const char Bell = '\a';

    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private State _state;
    private bool _lineEmpty = true;

    private enum State
    {
        Text,
        Escaped,
        Control,
        OperatingSystemCommand,
    }

    /// <summary>Appends the plain text of <paramref name="bytes"/> to <paramref name="text"/>; lines end with LF alone.</summary>
    public void Append(ReadOnlySpan<byte> bytes, StringBuilder text)
    {
        char[] characters = new char[Encoding.UTF8.GetMaxCharCount(bytes.Length)];
        int count = _decoder.GetChars(bytes, characters, flush: false);
        foreach (char character in characters.AsSpan(0, count))
        {
            _state = _state switch
            {
                State.Text => AfterText(character, text),
                State.Escaped => AfterEscape(character),
                State.Control => AfterControl(character, text),
                _ => AfterCommand(character),
            };
        }
    }

    private State AfterText(char character, StringBuilder text)
    {
        switch (character)
        {
            case Escape:
                return State.Escaped;
            case '\n':
                text.Append('\n');
                _lineEmpty = true;
                return State.Text;
            case '\t':
            case >= ' ' and not '\x7F':
                text.Append(character);
                _lineEmpty = false;
                return State.Text;
            default:
                return State.Text;
        }
    }

    private static State AfterEscape(char character) => character switch
    {
        '[' => State.Control,
        ']' => State.OperatingSystemCommand,
        _ => State.Text,
    };

    private static State AfterCommand(char character) => character switch
    {
        Bell => State.Text,
        Escape => State.Escaped,
        _ => State.OperatingSystemCommand,
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
