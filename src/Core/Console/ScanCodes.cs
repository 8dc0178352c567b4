using System;

namespace Ember.Core.Console;

/// <summary>
/// Turns scan codes of set 1 (IBM PS/2 Hardware Interface Technical Reference, keyboard scan codes) into what a terminal sends, for a
/// keyboard with the letters of the US.
/// </summary>
internal struct ScanCodes
{
    private const byte Released = 0x80;
    private const byte Extended = 0xE0;
    private const byte Pause = 0xE1;
    private const byte LeftShift = 0x2A;
    private const byte RightShift = 0x36;
    private const byte Control = 0x1D;
    private const byte CapsLock = 0x3A;

    // As many bytes as a sequence has, the first lowest: ESC [ and the letter.
    private const uint ControlSequence = 0x5B1B;

    private bool _leftShift;
    private bool _rightShift;
    private bool _leftControl;
    private bool _rightControl;
    private bool _capsLock;
    private bool _extended;
    private byte _skipped;

    /// <summary>Codes 0 to 0x39, and 0x47 to 0x53 of the number pad behind them; 0 is a key that types nothing.</summary>
    private static ReadOnlySpan<byte> Plain =>
        "\0\e1234567890-=\x7F\tqwertyuiop[]\r\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 789-456+1230."u8;

    private static ReadOnlySpan<byte> Shifted =>
        "\0\e!@#$%^&*()_+\x7F\tQWERTYUIOP{}\r\0ASDFGHJKL:\"~\0|ZXCVBNM<>?\0*\0 789-456+1230."u8;

    /// <summary>Takes a code.</summary>
    /// <returns>Up to four bytes, the first lowest; 0 when nothing is typed.</returns>
    public uint Take(byte code)
    {
        if (_skipped != 0)
        {
            _skipped--;
            return 0;
        }

        if (code is Extended or Pause)
        {
            _extended = code == Extended;
            _skipped = code == Pause ? (byte)2 : (byte)0;
            return 0;
        }

        bool extended = _extended;
        _extended = false;
        bool pressed = (code & Released) == 0;
        byte key = (byte)(code & ~Released);
        switch (key)
        {
            case LeftShift or RightShift when extended:
                // A keyboard presses and releases shift by itself around an arrow.
                return 0;
            case LeftShift:
                _leftShift = pressed;
                return 0;
            case RightShift:
                _rightShift = pressed;
                return 0;
            case Control when extended:
                _rightControl = pressed;
                return 0;
            case Control:
                _leftControl = pressed;
                return 0;
            case CapsLock:
                _capsLock ^= pressed;
                return 0;
        }

        return !pressed ? 0 : extended ? OfExtended(key) : OfKey(key);
    }

    private static uint OfExtended(byte key) => key switch
    {
        0x1C => '\r',
        0x35 => '/',
        0x47 => ControlSequence | ('H' << 16),
        0x48 => ControlSequence | ('A' << 16),
        0x49 => ControlSequence | ('5' << 16) | ((uint)'~' << 24),
        0x4B => ControlSequence | ('D' << 16),
        0x4D => ControlSequence | ('C' << 16),
        0x4F => ControlSequence | ('F' << 16),
        0x50 => ControlSequence | ('B' << 16),
        0x51 => ControlSequence | ('6' << 16) | ((uint)'~' << 24),
        0x52 => ControlSequence | ('2' << 16) | ((uint)'~' << 24),
        0x53 => ControlSequence | ('3' << 16) | ((uint)'~' << 24),
        _ => 0,
    };

    private readonly uint OfKey(byte key)
    {
        const byte LastKey = 0x39;
        const byte FirstOfPad = 0x47;
        int place = key <= LastKey ? key : key >= FirstOfPad ? key - FirstOfPad + LastKey + 1 : Plain.Length;
        if (place >= Plain.Length)
        {
            return 0;
        }

        byte plain = Plain[place];
        bool shift = (_leftShift || _rightShift) ^ (_capsLock && plain is >= (byte)'a' and <= (byte)'z');
        byte typed = shift ? Shifted[place] : plain;
        return (_leftControl || _rightControl) && typed is >= (byte)'@' and <= (byte)'~' ? typed & 0x1Fu : typed;
    }
}
