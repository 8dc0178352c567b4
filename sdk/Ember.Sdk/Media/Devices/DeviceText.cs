using System.Linq;

namespace Ember.Sdk.Media.Devices;

/// <summary>
/// Makes what a device says about itself fit to show. A device can say anything: a name that moves the cursor, turns the reading direction
/// or is made of look-alikes could pass for another device.
/// </summary>
internal static class DeviceText
{
    private const int MaximumLength = 64;

    /// <summary>Printable ASCII without spaces around it, 64 characters at most; anything else becomes a question mark.</summary>
    public static string Clean(string text) =>
        string.Concat(text.Take(MaximumLength).Select(character => character is >= ' ' and <= '~' ? character : '?')).Trim();
}
