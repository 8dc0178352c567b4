using System;
using Ember.Platform.Auditing;
using Ember.Platform.Text;

namespace Ember.Platform.Console;

/// <summary>
/// A terminal on a frame buffer. Writing only changes cells in memory; <see cref="Flush"/> draws those that differ from what is
/// shown, so a line that scrolled by between two flushes costs nothing. The frame buffer is never read. The first row is a bar
/// with the product's name. Lines of the core come by another way than a guest's bytes and in another colour: no guest can forge one.
/// </summary>
public unsafe struct TextScreen : ILineSink
{
    /// <summary>The largest number of columns.</summary>
    public const int MaximumColumns = 240;

    /// <summary>The largest number of rows.</summary>
    public const int MaximumRows = 100;

    /// <summary>Bytes of memory a screen needs for its cells.</summary>
    public const int MemorySize = MaximumColumns * MaximumRows * sizeof(ushort) * 2;

    /// <summary>From this width on a dot of the font is two pixels wide, from twice of it three.</summary>
    private const uint ScaleWidth = 2560;

    private const ushort Plain = ' ' | (ScreenColor.Text << 8);
    private const int TabWidth = 8;

    private readonly FrameBuffer _frameBuffer;
    private readonly ushort* _cells;
    private readonly ushort* _shown;
    private readonly uint _scale;
    private EscapeSequence _escape;
    private int _scrolled;
    private int _row;
    private int _column;
    private int _color;
    private int _firstDirty;
    private int _lastDirty;

    /// <summary>Clears the frame buffer and starts an empty screen on it; one too small for two lines takes text and shows none.</summary>
    /// <param name="frameBuffer">The frame buffer.</param>
    /// <param name="memory"><see cref="MemorySize"/> bytes, aligned to two, for as long as the screen is used.</param>
    public TextScreen(FrameBuffer frameBuffer, void* memory)
    {
        _frameBuffer = frameBuffer;
        _scale = Math.Min(1 + (frameBuffer.Width / ScaleWidth), FrameBuffer.MaximumScale);
        Columns = (int)Math.Min(frameBuffer.Width / (Font8x16.Width * _scale), MaximumColumns);
        Rows = (int)Math.Min(frameBuffer.Height / (Font8x16.Height * _scale), MaximumRows);
        if (Columns == 0 || Rows < 2)
        {
            Columns = 0;
            Rows = 0;
        }

        _cells = (ushort*)memory;
        _shown = _cells + (Columns * Rows);
        for (int i = 0; i < Columns * Rows; i++)
        {
            _cells[i] = Plain;
            _shown[i] = Plain;
        }

        _row = 1;
        _color = ScreenColor.Text;
        _firstDirty = Rows;
        _lastDirty = -1;
        frameBuffer.Clear(ScreenColor.Value(ScreenColor.Background));
    }

    /// <summary>Characters in a row.</summary>
    public int Columns { get; }

    /// <summary>Rows, the bar included.</summary>
    public int Rows { get; }

    /// <summary>Whether the screen does not show all that was written.</summary>
    public readonly bool NeedsFlush => _firstDirty <= _lastDirty;

    /// <summary>Writes the bar at the top, cut to the screen's width.</summary>
    public void SetHeader(ReadOnlySpan<byte> text)
    {
        for (int column = 0; column < Columns; column++)
        {
            byte character = column >= 1 && column <= text.Length ? text[column - 1] : (byte)' ';
            Put(0, column, character, ScreenColor.HeaderText | (ScreenColor.HeaderBackground << 4));
        }
    }

    /// <summary>Writes a line of the core's own, on a line of its own.</summary>
    public void WriteLine(ReadOnlySpan<byte> text) => WriteLine(text, default);

    /// <summary>Writes a line of the core's own that ends with text of a guest's, on a line of its own.</summary>
    [LoopBound(LineBuffer.Capacity, "bytes of a line; longer text is none of the core's")]
    [LoopBound(LineBuffer.Capacity, "bytes of a guest's line")]
    public void WriteLine(ReadOnlySpan<byte> text, ReadOnlySpan<byte> guestText)
    {
        if (_column != 0)
        {
            NewLine();
        }

        foreach (byte character in text)
        {
            PutNext(character, ScreenColor.Core);
        }

        foreach (byte value in guestText)
        {
            Put(value, ScreenColor.Text);
        }

        NewLine();
    }

    /// <summary>Forgets colours and escape sequences of the guest that wrote last.</summary>
    public void BeginGuest()
    {
        _color = ScreenColor.Text;
        _escape = default;
    }

    /// <summary>Writes a byte of a guest's console: text, a control character or a part of an escape sequence.</summary>
    public void Write(byte value)
    {
        if (_escape.Take(value, out byte final))
        {
            Control(final);
        }
        else
        {
            Put(value, _color);
        }
    }

    /// <summary>Writes bytes of a guest's console.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        foreach (byte value in text)
        {
            Write(value);
        }
    }

    /// <summary>Draws cells that changed, from the top down.</summary>
    /// <param name="budgetCells">The largest number of cells to draw now.</param>
    [LoopBound(MaximumRows, "rows")]
    [LoopBound(MaximumColumns, "columns")]
    public void Flush(int budgetCells)
    {
        for (; _firstDirty <= _lastDirty; _firstDirty++)
        {
            ushort* line = Line(_firstDirty);
            ushort* shown = _shown + (_firstDirty * Columns);
            for (int column = 0; column < Columns; column++)
            {
                if (line[column] == shown[column])
                {
                    continue;
                }

                if (budgetCells-- <= 0)
                {
                    return;
                }

                shown[column] = line[column];
                Draw(_firstDirty, column, line[column]);
            }
        }

        _firstDirty = Rows;
        _lastDirty = -1;
    }

    private readonly void Draw(int row, int column, ushort cell) =>
        _frameBuffer.DrawCharacter(
            (uint)column * Font8x16.Width * _scale,
            (uint)row * Font8x16.Height * _scale,
            _scale,
            (byte)cell,
            ScreenColor.Value((cell >> 8) & 15),
            ScreenColor.Value(cell >> 12));

    /// <summary>The cells of a row: those below the bar are a ring that scrolls by turning.</summary>
    private readonly ushort* Line(int row)
    {
        if (row != 0)
        {
            row += _scrolled;
            row -= row < Rows ? 0 : Rows - 1;
        }

        return _cells + (row * Columns);
    }

    private void Put(int row, int column, byte character, int color)
    {
        Line(row)[column] = (ushort)(character | (color << 8));
        MarkDirty(row, row);
    }

    private void Put(byte value, int color)
    {
        switch (value)
        {
            case (byte)'\n':
                NewLine();
                break;
            case (byte)'\r':
                _column = 0;
                break;
            case (byte)'\b':
                _column = Math.Max(Math.Min(_column, Columns - 1) - 1, 0);
                break;
            case (byte)'\t':
                _column = Math.Max(Math.Min((_column | (TabWidth - 1)) + 1, Columns - 1), 0);
                break;
            case >= (byte)' ' and not (>= 0x7F and < 0xC0):
                // Of a character of several bytes only the first is shown, as a box.
                PutNext(value, color);
                break;
        }
    }

    private void PutNext(byte character, int color)
    {
        if (Columns == 0)
        {
            return;
        }

        if (_column == Columns)
        {
            NewLine();
        }

        Put(_row, _column++, character, color);
    }

    private void NewLine()
    {
        _column = 0;
        if (_row + 1 < Rows)
        {
            _row++;
        }
        else if (Rows != 0)
        {
            _scrolled = _scrolled + 1 < Rows - 1 ? _scrolled + 1 : 0;
            Erase(_row, 0);
            MarkDirty(1, _row);
        }
    }

    [LoopBound(MaximumColumns, "columns")]
    private void Erase(int row, int fromColumn)
    {
        ushort* line = Line(row);
        for (int column = fromColumn; column < Columns; column++)
        {
            line[column] = Plain;
        }

        MarkDirty(row, row);
    }

    private void MarkDirty(int first, int last)
    {
        _firstDirty = Math.Min(_firstDirty, first);
        _lastDirty = Math.Max(_lastDirty, last);
    }

    private void Control(byte final)
    {
        int count = Math.Max((int)_escape.Parameter(0), 1);
        switch (final)
        {
            case (byte)'m':
                SelectColors();
                break;
            case (byte)'C':
                _column = Math.Max(Math.Min(_column + count, Columns - 1), 0);
                break;
            case (byte)'D':
                _column = Math.Max(_column - count, 0);
                break;
            case (byte)'J' when _escape.Parameter(0) == 0:
                EraseBelow(_row, _column);
                break;
            case (byte)'J':
                _row = 1;
                _column = 0;
                EraseBelow(_row, _column);
                break;
            case (byte)'K' when _escape.Parameter(0) == 0:
                Erase(_row, _column);
                break;
        }
    }

    [LoopBound(MaximumRows, "rows")]
    private void EraseBelow(int row, int column)
    {
        for (; row < Rows; row++)
        {
            Erase(row, column);
            column = 0;
        }
    }

    [LoopBound(EscapeSequence.MaximumParameters, "parameters")]
    private void SelectColors()
    {
        for (int i = 0; i < _escape.ParameterCount; i++)
        {
            byte parameter = _escape.Parameter(i);
            switch (parameter)
            {
                case 0:
                    _color = ScreenColor.Text;
                    break;
                case (>= 30 and <= 37) or (>= 90 and <= 97):
                    _color = (_color & 0xF0) | (parameter % 10);
                    break;
                case 39:
                    _color = (_color & 0xF0) | ScreenColor.Text;
                    break;
                case >= 40 and <= 47:
                    _color = (_color & 0x0F) | ((parameter % 10) << 4);
                    break;
                case 49:
                    _color &= 0x0F;
                    break;
                case 38 or 48:
                    // Extended colours follow as further parameters, which mean nothing by themselves.
                    return;
            }
        }
    }
}
