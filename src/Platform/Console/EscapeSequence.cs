namespace Ember.Platform.Console;

/// <summary>
/// Follows the escape sequences in a terminal's input (ECMA-48) byte by byte. Any control character ends a sequence and counts for
/// itself, so that a sequence never completed hides the rest of its line at most.
/// </summary>
public struct EscapeSequence
{
    /// <summary>More parameters than this count as the last.</summary>
    public const int MaximumParameters = 8;

    private const byte Escape = 0x1B;

    private State _state;
    private ulong _parameters;

    private enum State : byte
    {
        Text,
        Escaped,
        Charset,
        Control,
        String,
    }

    /// <summary>Whether a sequence has begun and not ended.</summary>
    public readonly bool IsOpen => _state != State.Text;

    /// <summary>How many parameters the control sequence has; at least one.</summary>
    public int ParameterCount { get; private set; }

    /// <summary>A parameter of the control sequence; 0 if it was left out, 255 if it is larger.</summary>
    public readonly byte Parameter(int index) => (byte)(_parameters >> (index * 8));

    /// <summary>Takes a byte.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="final">The last byte of a control sequence that ends here, or zero.</param>
    /// <returns>Whether the byte is part of a sequence, and no text.</returns>
    public bool Take(byte value, out byte final)
    {
        final = 0;
        if (value == Escape)
        {
            _state = State.Escaped;
            return true;
        }

        if (value < ' ')
        {
            _state = State.Text;
            return false;
        }

        switch (_state)
        {
            case State.Escaped:
                _state = Introduced(value);
                _parameters = 0;
                ParameterCount = 1;
                return true;
            case State.Charset:
                _state = State.Text;
                return true;
            case State.Control:
                TakeControl(value, ref final);
                return true;
            case State.String:
                return true;
            default:
                return false;
        }
    }

    private static State Introduced(byte value) => value switch
    {
        (byte)'[' or (byte)'O' => State.Control,
        (byte)']' or (byte)'P' or (byte)'X' or (byte)'^' or (byte)'_' => State.String,
        >= (byte)' ' and <= (byte)'/' => State.Charset,
        _ => State.Text,
    };

    private void TakeControl(byte value, ref byte final)
    {
        int shift = (ParameterCount - 1) * 8;
        if (value is >= (byte)'0' and <= (byte)'9')
        {
            ulong number = (Parameter(ParameterCount - 1) * 10u) + value - '0';
            _parameters = (_parameters & ~(0xFFul << shift)) | ((number < 255 ? number : 255) << shift);
        }
        else if (value is (byte)';' or (byte)':')
        {
            ParameterCount += ParameterCount < MaximumParameters ? 1 : 0;
        }
        else if (value is >= (byte)'@' and <= (byte)'~')
        {
            final = value;
            _state = State.Text;
        }
    }
}
