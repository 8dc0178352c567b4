using System;

namespace Ember.Sdk.Fat;

/// <summary>A volume label: 1 to 11 of the characters of a short name, or spaces, in upper case.</summary>
internal static class FatLabel
{
    public const int Length = 11;

    /// <summary>Checks a label.</summary>
    /// <exception cref="ImageException">It is not one.</exception>
    public static void Check(string label)
    {
        bool valid = label.Length is > 0 and <= Length && label[0] != ' ' && label[^1] != ' ';
        foreach (char character in label)
        {
            valid &= character == ' ' || ShortName.IsAllowed(character);
        }

        if (!valid)
        {
            throw new ImageException(ErrorKind.Input, $"volume label '{label}'",
                "it is not 1 to 11 upper-case letters, digits or characters of $%'-_@~`!(){}^#&, with spaces between at most",
                "choose another");
        }
    }

    /// <summary>Writes the label, filled up with spaces.</summary>
    /// <exception cref="ImageException">It is not one.</exception>
    public static void Encode(Span<byte> destination, string label)
    {
        Check(label);
        destination[..Length].Fill((byte)' ');
        for (int i = 0; i < label.Length; i++)
        {
            destination[i] = (byte)label[i];
        }
    }
}
