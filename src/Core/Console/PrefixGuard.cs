namespace Ember.Core.Console;

/// <summary>
/// Finds, in what a guest writes straight to the console, text that a reader of the log could take for the beginning of somebody
/// else's line. Where a line begins depends on the reader: behind every byte that is not printable ASCII one may. Such bytes, and those of
/// escape sequences, may also be nothing to him: what stands before them still counts. So a set of places is followed, a bit each
/// (shift-and matching: Baeza-Yates and Gonnet, "A new approach to text searching", 1992).
/// </summary>
internal struct PrefixGuard
{
    // Bits 0 to 6: so many characters of "ember: " have come. Then: at least one character of a name has; and the bar behind it.
    private const uint Start = 1 << 0;
    private const uint CorePrefix = 1 << 7;
    private const uint Name = 1 << 8;
    private const uint Bar = 1 << 9;

    private uint _places;

    /// <summary>Says that a new line begins.</summary>
    public void Restart() => _places = Start;

    /// <summary>Takes a byte that the guest writes.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="isText">False if it belongs to an escape sequence.</param>
    /// <returns>Whose line it would make, if it went out. Then the guard expects the guest's own prefix to be put before.</returns>
    public ForgedPrefix Take(byte value, bool isText)
    {
        bool isPrintable = value is >= (byte)' ' and <= (byte)'~';
        uint places = (_places << 1) & CharacterOf(value);
        if (isPrintable)
        {
            places |= value is (byte)'|' ? (_places & Name) << 1 : (_places & (Start | Name)) != 0 && IsOfName(value) ? Name : 0;
        }

        if ((places & CorePrefix) != 0)
        {
            _places = 0;
            return ForgedPrefix.Core;
        }

        if ((_places & Bar) != 0 && value is (byte)' ' or (byte)'+')
        {
            _places = 0;
            return ForgedPrefix.Machine;
        }

        _places = isPrintable && isText ? places : places | _places | Start;
        return ForgedPrefix.None;
    }

    /// <summary>Where in "ember: " a character stands, one place to the left.</summary>
    private static uint CharacterOf(byte value) => value switch
    {
        (byte)'e' => 0b0001_0010,
        (byte)'m' => 0b0000_0100,
        (byte)'b' => 0b0000_1000,
        (byte)'r' => 0b0010_0000,
        (byte)':' => 0b0100_0000,
        (byte)' ' => 0b1000_0000,
        _ => 0,
    };

    /// <summary>What a virtual machine may be called in a manifest.</summary>
    private static bool IsOfName(byte value) => value
        is (>= (byte)'a' and <= (byte)'z') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9')
        or (byte)'-' or (byte)'_' or (byte)'.';
}
