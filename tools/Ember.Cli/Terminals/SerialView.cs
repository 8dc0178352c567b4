using System;
using System.IO;
using System.Text;
using Ember.Sdk.Validation;

namespace Ember.Cli.Terminals;

/// <summary>
/// Shows what a machine sends over its serial port, as it comes. The firmware clears the screen and moves the cursor about, which
/// would take away what stood in the terminal before: escape sequences are left out, until an interactive guest needs them.
/// </summary>
/// <param name="output">The terminal, as bytes.</param>
/// <param name="interactive">True: from the core's first line on, everything goes to the terminal as it is.</param>
internal sealed class SerialView(Stream output, bool interactive)
{
    private readonly TerminalText _text = new();
    private bool _raw;
    private bool _insideLine;

    /// <summary>Shows everything that <paramref name="log"/> takes from now on.</summary>
    public void Attach(SerialLog log)
    {
        // The line that brings raw mode on is itself shown as text, with the rest of its piece of bytes.
        bool coreSpoke = false;
        log.LineReceived = line => coreSpoke |= CoreLines.IsFromCore(line.Text);
        log.BytesReceived = bytes =>
        {
            Show(bytes.Span);
            _raw |= interactive && coreSpoke;
        };
    }

    /// <summary>Ends the line that the machine was in the middle of, so that what follows begins a new one.</summary>
    public void EndLine()
    {
        if (_insideLine)
        {
            Write("\n");
        }
    }

    private void Show(ReadOnlySpan<byte> bytes)
    {
        if (_raw)
        {
            output.Write(bytes);
            output.Flush();
            _insideLine = !bytes.EndsWith("\n"u8);
        }
        else
        {
            StringBuilder text = new();
            _text.Append(bytes, text);
            Write(text.ToString());
        }
    }

    private void Write(string text)
    {
        // A terminal in raw mode does not go back to the first column by itself.
        string shown = interactive ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
        output.Write(Encoding.UTF8.GetBytes(shown));
        output.Flush();
        _insideLine = text.Length == 0 ? _insideLine : !text.EndsWith('\n');
    }
}
