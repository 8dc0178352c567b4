using System.Globalization;
using System.Text;

namespace Ember.Sdk.Footprint.Html;

/// <summary>
/// Shows what would otherwise not be seen: names come out of files, and one with a control character or a mark that turns the reading
/// direction could look like another.
/// </summary>
internal static class VisibleText
{
    /// <summary>The text with <c>⟨U+202E⟩</c> in place of a character that nobody sees.</summary>
    public static string Of(string text)
    {
        StringBuilder? visible = null;
        int position = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // Half a character of two is read as U+FFFD.
            bool isHidden = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse;
            if (isHidden || rune == Rune.ReplacementChar)
            {
                visible ??= new StringBuilder(text, 0, position, text.Length + 8);
                _ = isHidden
                    ? visible.Append(CultureInfo.InvariantCulture, $"⟨U+{rune.Value:X4}⟩")
                    : visible.Append('\uFFFD');
            }
            else
            {
                visible?.Append(rune.ToString());
            }

            position += rune.Utf16SequenceLength;
        }

        return visible?.ToString() ?? text;
    }
}
