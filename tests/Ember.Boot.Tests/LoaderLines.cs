using System.Text.RegularExpressions;

namespace Ember.Boot.Tests;

/// <summary>What the loader says.</summary>
internal static partial class LoaderLines
{
    /// <summary>Whether a line says how fast the files were hashed, by the processor's own instructions.</summary>
    public static bool IsHashedByInstructions(string line) => HashRate().Match(line).Groups["way"].Value == "SHA-NI";

    /// <summary>The same without them, as on QEMU's emulated processor, which has none.</summary>
    public static bool IsHashedWithoutThem(string line) => HashRate().Match(line).Groups["way"].Value == "portable";

    [GeneratedRegex(@"^ember: SHA-256: [1-9][0-9.]* (bytes|[kKMG]i?B) in [1-9][0-9]* ms, [1-9][0-9]* MB/s \((?<way>SHA-NI|portable)\)$")]
    private static partial Regex HashRate();
}
