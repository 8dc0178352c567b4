using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Sdk.Manifests;

/// <summary>
/// The [variants] of a manifest: what is different in other models of the appliance. A variant's values go over those of the manifest;
/// tables are merged key by key, machines by their names. Every value keeps its line.
/// </summary>
internal sealed class ManifestVariants
{
    /// <summary>The key of the table.</summary>
    public const string Key = "variants";

    private const string Machines = "vm";

    private readonly string _file;
    private readonly TomlMap _document;
    private readonly TomlMap? _variants;

    /// <summary>Reads which variants there are.</summary>
    /// <param name="file">The manifest's path as it was given.</param>
    /// <param name="document">The manifest.</param>
    /// <exception cref="EmberException">A name or a table is wrong (exit code 2).</exception>
    public ManifestVariants(string file, TomlMap document)
    {
        _file = file;
        _document = document;
        if (document.Find(Key) is not { } node)
        {
            return;
        }

        _variants = node as TomlMap
            ?? throw new ManifestPosition(file, node.Line).Error($"'{Key}' is {node.Kind}; write [{Key}.NAME] for each variant");
        foreach (TomlEntry entry in _variants.Entries)
        {
            ManifestPosition position = new(file, entry.Line);
            if (!ManifestTable.IsIdentifier(entry.Key) || entry.Key.Length > ManifestReader.LongestName)
            {
                throw position.Error(
                    $"[{Key}]: '{entry.Key}' is no name; 1 to {ManifestReader.LongestName} letters, digits, '-', '_' and '.' are, "
                    + "a letter or digit first");
            }

            if (entry.Value is not TomlMap variant)
            {
                throw position.Error($"[{Key}]: {entry.Key} is {entry.Value.Kind}; write [{Key}.{entry.Key}]");
            }

            ManifestTable table = new(file, $"[{Key}.{entry.Key}]", variant, [.. ManifestReader.Keys.Where(key => key != Key)]);
            table.RefuseUnknownKeys();
        }
    }

    /// <summary>Their names in the file's order.</summary>
    public IReadOnlyList<string> Names => [.. _variants?.Entries.Select(entry => entry.Key) ?? []];

    /// <summary>The manifest of one variant.</summary>
    /// <exception cref="EmberException">There is none of that name, or its machines are wrong (exit code 2).</exception>
    public TomlMap Apply(string variant)
    {
        if (_variants?.Find(variant) is not TomlMap changes)
        {
            string? meant = NearestName.Of(variant, Names);
            throw new EmberException(
                ErrorKind.Input,
                $"{_file}: no variant '{variant}'; "
                + (Names.Count == 0 ? $"it has none: write [{Key}.{variant}]"
                    : meant is null ? $"there are {string.Join(", ", Names)}" : $"did you mean '{meant}'?"));
        }

        return Merge(_document, changes);
    }

    private TomlMap Merge(TomlMap under, TomlMap over)
    {
        TomlMap merged = new(under.Line);
        merged.Entries.AddRange(under.Entries);
        foreach (TomlEntry entry in over.Entries)
        {
            int index = merged.Entries.FindIndex(other => other.Key == entry.Key);
            if (index < 0)
            {
                merged.Entries.Add(entry);
                continue;
            }

            TomlNode value = (merged.Entries[index].Value, entry.Value) switch
            {
                (TomlMap below, TomlMap { IsInline: false } above) => Merge(below, above),
                (TomlList below, TomlList above) when ReferenceEquals(under, _document) && entry.Key == Machines =>
                    MergeMachines(below, above),
                _ => entry.Value,
            };
            merged.Entries[index] = entry with { Value = value };
        }

        return merged;
    }

    private TomlList MergeMachines(TomlList under, TomlList over)
    {
        TomlList merged = new(under.Line);
        merged.Items.AddRange(under.Items);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (TomlNode item in over.Items)
        {
            string? name = NameOf(item);
            if (name is not null && !names.Add(name))
            {
                throw new ManifestPosition(_file, item.Line).Error($"vm '{name}': the variant has it twice; put both together");
            }

            int index = name is null ? -1 : under.Items.FindIndex(other => NameOf(other) == name);
            if (index < 0)
            {
                merged.Items.Add(item);
            }
            else
            {
                merged.Items[index] = Merge((TomlMap)under.Items[index], (TomlMap)item);
            }
        }

        return merged;
    }

    private static string? NameOf(TomlNode machine) => ((machine as TomlMap)?.Find("name") as TomlText)?.Value;
}
