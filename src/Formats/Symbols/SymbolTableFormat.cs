namespace Ember.Formats.Symbols;

/// <summary>
/// The table of function names a core carries for its own fault dumps. Little-endian, no alignment:
/// <code>
/// header      magic u32, length of the whole table in bytes u32, functions u32, words u32
/// words       length u8 (1 to 255), text                                     × words
/// functions   start: LEB128 distance from the function before (the first: from the image base),
///             length of the name u8, name                                    × functions
/// </code>
/// A byte of a name below <see cref="FirstWord"/> is a character, one from there on a word of the table's dictionary.
/// Functions stand in ascending order; one with an empty name ends the one before it and is none itself.
/// </summary>
public static class SymbolTableFormat
{
    /// <summary>"EmSy".</summary>
    public const uint Magic = 0x7953_6D45;

    /// <summary>The longest table, in bytes.</summary>
    public const int MaximumLength = 1 << 20;

    /// <summary>Bytes before the words.</summary>
    public const int HeaderSize = 16;

    /// <summary>Offset of the table's length.</summary>
    public const int LengthOffset = 4;

    /// <summary>Offset of the number of functions.</summary>
    public const int FunctionsOffset = 8;

    /// <summary>Offset of the number of words.</summary>
    public const int WordsOffset = 12;

    /// <summary>The byte that stands for the first word.</summary>
    public const byte FirstWord = 128;

    /// <summary>The largest number of words.</summary>
    public const int MaximumWords = 128;

    /// <summary>The longest encoded name, in bytes.</summary>
    public const int MaximumName = 255;
}
