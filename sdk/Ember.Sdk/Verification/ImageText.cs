using System;
using System.Text;

namespace Ember.Sdk.Verification;

/// <summary>Text that an image holds, made fit to be shown: it may have been made to fool whoever reads it.</summary>
internal static class ImageText
{
    /// <summary>The text with everything but printable ASCII written as <c>\uXXXX</c>.</summary>
    public static string Shown(string text)
    {
        StringBuilder shown = new(text.Length);
        foreach (char character in text)
        {
            _ = character is >= ' ' and <= '~'
                ? shown.Append(character)
                : shown.Append(FormattableString.Invariant($"\\u{(int)character:X4}"));
        }

        return shown.ToString();
    }

    /// <summary>Bytes as text, one character each.</summary>
    public static string Of(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
