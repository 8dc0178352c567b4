using System;
using System.Text.RegularExpressions;
using Ember.Formats;

namespace Ember.Sdk.Banks;

/// <summary>The address that a loader asks for updates, as it stands in a manifest and in <see cref="BankNames.UpdateAddress"/>.</summary>
public static partial class UpdateAddress
{
    /// <summary>What an address has to look like: http or https, a host, perhaps a port, and a path that ends with a slash; no user, no
    /// query and no fragment.</summary>
    public const string Pattern =
        @"^https?://([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/([A-Za-z0-9._~!$&'()*+,;=:@%-]+/)*$";

    /// <summary>The most characters.</summary>
    public const int LongestLength = FlashLayout.LongestUpdateAddress;

    /// <summary>Whether a text is such an address.</summary>
    public static bool IsValid(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length <= LongestLength && Shape().IsMatch(text) && !text.EndsWith('\n')
            && Uri.TryCreate(text, UriKind.Absolute, out _);
    }

    [GeneratedRegex(Pattern, RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
