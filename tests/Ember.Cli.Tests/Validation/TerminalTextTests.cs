using System.Text;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("plain\r\nlines\n", "plain\nlines\n")]
    [InlineData("\x1B[0;37;40mcoloured\x1B[0m\r\n", "coloured\n")]
    [InlineData("one\x1B[2J\x1B[01;01Htwo", "one\ntwo")]
    [InlineData("\x1B[2J\x1B[01;01Hfirst", "first")]
    [InlineData("\x1B[=3htext", "text")]
    [InlineData("\x1B]0;title\atext", "text")]
    [InlineData("\x1B]0;title\x1B\\text", "text")]
    [InlineData("a\tb\0\b\x7F", "a\tb")]
    [InlineData("Grüße €", "Grüße €")]
    [InlineData("\x1B", "")]
    [InlineData("\x1B[12\nember: x\n", "\nember: x\n")]
    [InlineData("\x1B]title\r\nember: x\n", "\nember: x\n")]
    [InlineData("\x1BPone\x1B\\two\x1B(Bthree\x1BOAfour", "twothreefour")]
    [InlineData("\x1B[1\x18\r\nember: x\n", "\nember: x\n")]
    public void Escape_sequences_go_and_lines_stay(string sent, string expected)
    {
        Assert.Equal(expected, Filter(Encoding.UTF8.GetBytes(sent), pieceLength: 4096));
        Assert.Equal(expected, Filter(Encoding.UTF8.GetBytes(sent), pieceLength: 1));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_replaced_and_end_nothing()
    {
        Assert.Equal("a\uFFFD\uFFFDb", Filter([(byte)'a', 0xFF, 0xFE, (byte)'b'], pieceLength: 1));
    }

    private static string Filter(byte[] bytes, int pieceLength)
    {
        TerminalText terminal = new();
        StringBuilder text = new();
        foreach (byte[] piece in System.Linq.Enumerable.Chunk(bytes, pieceLength))
        {
            terminal.Append(piece, text);
        }

        return text.ToString();
    }
}
