using System;

namespace Ember.Formats.Fields;

/// <summary>Which bytes text in a structure on flash may have.</summary>
public static class FieldText
{
    /// <summary>Space to tilde.</summary>
    public static bool IsPrintable(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character is < 0x20 or > 0x7E)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A name in one directory of the EFI system partition: printable, none of the characters FAT and the UEFI
    /// file protocol keep for themselves, not beginning with a full stop, not ending with a full stop or a space.</summary>
    public static bool IsFileName(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || !IsPrintable(text) || text[0] == (byte)'.')
        {
            return false;
        }

        foreach (byte character in text)
        {
            if (character is (byte)'\\' or (byte)'/' or (byte)':' or (byte)'*' or (byte)'?' or (byte)'"' or (byte)'<'
                or (byte)'>' or (byte)'|')
            {
                return false;
            }
        }

        return text[text.Length - 1] is not ((byte)'.' or (byte)' ');
    }

    /// <summary>A virtual machine's name: printable, without the space, ':' and '|' that end it in the console's lines.</summary>
    public static bool IsMachineName(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            if (character is <= 0x20 or > 0x7E or (byte)':' or (byte)'|')
            {
                return false;
            }
        }

        return !text.IsEmpty;
    }

    /// <summary>The text before the first zero; everything when there is none.</summary>
    public static ReadOnlySpan<byte> BeforeZero(ReadOnlySpan<byte> field)
    {
        int length = 0;
        while (length < field.Length && field[length] != 0)
        {
            length++;
        }

        return field.Slice(0, length);
    }

    /// <summary>Whether a field holds at least one character, ends with a zero and has nothing but zeros after it.</summary>
    public static bool IsTerminated(ReadOnlySpan<byte> field)
    {
        int length = BeforeZero(field).Length;
        return length != 0 && length != field.Length && IsZero(field.Slice(length));
    }

    /// <summary>Whether every byte is zero.</summary>
    public static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (value != 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a field holds printable text that is terminated.</summary>
    public static bool IsText(ReadOnlySpan<byte> field) => IsTerminated(field) && IsPrintable(BeforeZero(field));

    /// <summary>Whether two stretches of bytes are the same.</summary>
    public static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int i = 0;
        while (i < left.Length && i < right.Length && left[i] == right[i])
        {
            i++;
        }

        return i == left.Length && i == right.Length;
    }

    /// <summary>Whether FAT takes two names for the same: it does not tell <c>A</c> from <c>a</c>.</summary>
    public static bool AreSameFileName(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int i = 0;
        while (i < left.Length && i < right.Length && ToUpper(left[i]) == ToUpper(right[i]))
        {
            i++;
        }

        return i == left.Length && i == right.Length;
    }

    private static int ToUpper(byte character) => character is >= (byte)'a' and <= (byte)'z' ? character - 0x20 : character;
}
