using System;
using System.Text;

namespace Ember.Sdk.Footprint.Reports;

/// <summary>Text in Markdown.</summary>
internal static class MarkdownText
{
    private const string Special = "\\`*_[]<>|~$&#:";

    /// <summary>Text that Markdown shows as it is: a backslash before all that could mean something, and one line.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char character in text)
        {
            escaped.Append(Special.Contains(character, StringComparison.Ordinal) ? "\\" : "");
            escaped.Append(char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character);
        }

        return escaped.ToString();
    }
}
