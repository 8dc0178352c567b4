using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Payloads;

/// <summary>A paragraph of Debian control data (Debian Policy 5.1): what apt-cache prints, and how the package cache keeps its
/// own notes.</summary>
/// <param name="fields">Every field with its first line.</param>
internal sealed class ControlStanza(IReadOnlyDictionary<string, string> fields)
{
    /// <summary>Reads the first paragraph of a text.</summary>
    public static ControlStanza Parse(string text)
    {
        Dictionary<string, string> fields = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in text.Split('\n').SkipWhile(string.IsNullOrWhiteSpace).TakeWhile(line => !string.IsNullOrWhiteSpace(line)))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0 && !char.IsWhiteSpace(line[0]))
            {
                fields[line[..colon]] = line[(colon + 1)..].Trim();
            }
        }

        return new ControlStanza(fields);
    }

    /// <summary>A field's first line, empty when it is absent.</summary>
    public string this[string field] => fields.GetValueOrDefault(field, "");

    /// <summary>The names of the packages that the package depends on, alternatives and versions left out.</summary>
    public IEnumerable<string> Dependencies =>
        this["Depends"].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(dependency => dependency.Split(' ', '|', '(')[0].Split(':')[0]);
}
