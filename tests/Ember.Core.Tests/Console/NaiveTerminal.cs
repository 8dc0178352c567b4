using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Ember.Platform.Console;

namespace Ember.Core.Tests.Console;

/// <summary>
/// What a screen should show, worked out the slow way: lists of lists of cells, sequences cut out by a regular expression, every
/// pixel painted from the font anew.
/// </summary>
internal sealed partial class NaiveTerminal
{
    private static readonly uint[] _palette =
        [0x14171C, 0xE06C60, 0x7FBF6A, 0xD9B45B, 0x6C9BE8, 0xC183D9, 0x5CB8B8, 0xC9CDD3, 0xFF9D4D];

    private readonly int _columns;
    private readonly List<(char Text, int Ink, int Paper)[]> _lines;
    private int _row;
    private int _column;
    private int _ink = 7;
    private int _paper;

    public NaiveTerminal(int columns, int rows)
    {
        _columns = columns;
        _lines = [.. Enumerable.Range(0, rows - 1).Select(_ => Blank())];
    }

    /// <summary>A guest's text, of characters below 0x7F and whole sequences.</summary>
    public void Write(string text)
    {
        foreach (Match match in Pieces().Matches(text))
        {
            string piece = match.Value;
            switch (piece)
            {
                case "\n":
                    NewLine();
                    break;
                case "\r":
                    _column = 0;
                    break;
                case "\b":
                    _column = Math.Max(0, Math.Min(_column, _columns - 1) - 1);
                    break;
                case "\t":
                    _column = Math.Min(_columns - 1, ((_column / 8) + 1) * 8);
                    break;
                case [>= ' ']:
                    Put(piece[0], _ink, _paper);
                    break;
                case ['\e', '[', .., 'm']:
                    piece[2..^1].Split(';').ToList().ForEach(Select);
                    break;
                case "\e[K":
                    Array.Fill(_lines[_row], (' ', 7, 0), Math.Min(_column, _columns), Math.Max(0, _columns - _column));
                    break;
                case "\e[2J":
                    _lines.ForEach(line => Array.Fill(line, (' ', 7, 0)));
                    (_row, _column) = (0, 0);
                    break;
            }
        }
    }

    public void WriteLine(string text)
    {
        if (_column > 0)
        {
            NewLine();
        }

        text.ToList().ForEach(c => Put(c, 8, 0));
        NewLine();
    }

    /// <summary>The pixels below the bar, as 0xRRGGBB, of a screen so wide.</summary>
    public uint[] Pixels(int width, int height, int scale)
    {
        uint[] pixels = new uint[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int row = (y / scale / 16) - 1;
                int column = x / scale / 8;
                pixels[(y * width) + x] = _palette[0];
                if (row >= 0 && row < _lines.Count && column < _columns)
                {
                    (char text, int ink, int paper) = _lines[row][column];
                    bool dot = ((Font8x16.Row((byte)text, y / scale % 16) << (x / scale % 8)) & 0x80) != 0;
                    pixels[(y * width) + x] = _palette[dot ? ink : paper];
                }
            }
        }

        return pixels;
    }

    private void Select(string parameter)
    {
        int number = parameter.Length == 0 ? 0 : int.Parse(parameter, CultureInfo.InvariantCulture);
        (_ink, _paper) = number switch
        {
            0 => (7, 0),
            >= 30 and < 38 => (number - 30, _paper),
            >= 90 and < 98 => (number - 90, _paper),
            >= 40 and < 48 => (_ink, number - 40),
            39 => (7, _paper),
            49 => (_ink, 0),
            _ => (_ink, _paper),
        };
    }

    private void Put(char text, int ink, int paper)
    {
        if (_column == _columns)
        {
            NewLine();
        }

        _lines[_row][_column++] = (text, ink, paper);
    }

    private void NewLine()
    {
        _column = 0;
        if (++_row == _lines.Count)
        {
            _row--;
            _lines.RemoveAt(0);
            _lines.Add(Blank());
        }
    }

    private (char, int, int)[] Blank() => [.. Enumerable.Repeat((' ', 7, 0), _columns)];

    [GeneratedRegex(@"\e\[[0-9;?]*[@-~]|\e\][^\n]*(?=\n)|\e[()].|\e[0-9=>A-OQ-WYZ]|[\n\r\b\t -~]", RegexOptions.Singleline)]
    private static partial Regex Pieces();
}
