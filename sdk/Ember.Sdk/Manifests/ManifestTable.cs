using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>One table of a manifest while it is read. Every failure says the line and whose key it is; keys nobody asked for
/// are errors.</summary>
/// <param name="file">The manifest's name for messages.</param>
/// <param name="owner">Whose table it is, for messages: <c>[appliance]</c>, <c>vm 'web'</c>.</param>
/// <param name="map">Its content.</param>
/// <param name="keys">Every key it may have.</param>
internal sealed class ManifestTable(string file, string owner, TomlMap map, params IReadOnlyList<string> keys)
{
    /// <summary>The table's first line.</summary>
    public ManifestPosition Position { get; } = new(file, map.Line);

    private string Folder => Path.GetDirectoryName(file) is { Length: > 0 } named ? named : ".";

    /// <summary>Refuses a key that the table may not have.</summary>
    public void RefuseUnknownKeys()
    {
        TomlEntry? unknown = map.Entries.FirstOrDefault(entry => !keys.Contains(entry.Key));
        if (unknown is null)
        {
            return;
        }

        string? meant = NearestName.Of(unknown.Key, keys);
        throw new ManifestPosition(file, unknown.Line).Error(
            $"{owner}: unknown key '{unknown.Key}'; "
            + (meant is null ? $"known are {string.Join(", ", keys)}" : $"did you mean '{meant}'?"));
    }

    /// <summary>The value of a key, null when it is absent.</summary>
    public TomlNode? Find(string key) => map.Find(key);

    /// <summary>The value of a key that must be there.</summary>
    public TomlNode Require(string key) =>
        map.Find(key) ?? throw Position.Error($"{owner}: '{key}' is missing");

    /// <summary>A string, null when it is absent.</summary>
    public TomlText? FindText(string key) => Find(key) is { } node ? AsText(key, node) : null;

    /// <summary>A string that must be there.</summary>
    public TomlText RequireText(string key) => AsText(key, Require(key));

    /// <summary>A line of printable ASCII, empty when it is absent.</summary>
    /// <param name="key">The key.</param>
    /// <param name="longest">The most characters; those of a kernel's line when not given.</param>
    public string FindLine(string key, int longest = (int)PlanMachine.MaximumCommandLineLength)
    {
        if (FindText(key) is not { } text)
        {
            return "";
        }

        RefuseUnprintable(key, text);
        return text.Value.Length <= longest
            ? text.Value
            : throw Error(key, text, $"has {text.Value.Length} characters; {longest} is the most");
    }

    /// <summary>A string that must be there, not empty and not longer than the format allows, of printable ASCII.</summary>
    public string RequireName(string key, int longest)
    {
        TomlText text = RequireText(key);
        RefuseUnprintable(key, text);
        if (text.Value.Length == 0 || text.Value.Length > longest)
        {
            throw Error(key, text, $"has {text.Value.Length} characters; 1 to {longest} are allowed");
        }

        return text.Value;
    }

    /// <summary>A name of letters, digits, <c>-</c>, <c>_</c> and <c>.</c> that begins with a letter or digit.</summary>
    public string RequireIdentifier(string key, int longest)
    {
        string name = RequireName(key, longest);
        return IsIdentifier(name)
            ? name
            : throw Error(key, Require(key), $"'{name}' may have letters, digits, '-', '_' and '.', and begins with a letter or digit");
    }

    /// <summary>Whether a text is a name such as <see cref="RequireIdentifier"/> takes, of any length but none.</summary>
    public static bool IsIdentifier(string name) => name.Length != 0
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.');

    /// <summary>One of a few words, or the first of them when the key is absent.</summary>
    public T FindWord<T>(string key, params IReadOnlyList<(string Word, T Value)> words)
    {
        if (FindText(key) is not { } text)
        {
            return words[0].Value;
        }

        foreach ((string word, T value) in words)
        {
            if (word == text.Value)
            {
                return value;
            }
        }

        string known = string.Join(", ", words.Select(word => $"\"{word.Word}\""));
        throw Error(key, text, $"\"{text.Value}\" is unknown; known are {known}");
    }

    /// <summary>A size in bytes, null when it is absent.</summary>
    public long? FindSize(string key)
    {
        if (Find(key) is not { } node)
        {
            return null;
        }

        return node is TomlText text && ByteSize.TryParse(text.Value, out long bytes)
            ? bytes
            : throw Error(key, node, "is not a size; write a whole number and a unit, as in \"256MiB\" (KiB, MiB, GiB, TiB)");
    }

    /// <summary>An integer in a range, or a default when the key is absent.</summary>
    public long FindInteger(string key, long least, long most, long absent)
    {
        if (Find(key) is not { } node)
        {
            return absent;
        }

        if (node is not TomlInteger number)
        {
            throw Error(key, node, $"is {node.Kind}; a whole number is needed");
        }

        string range = least == most ? $"only {least} is possible" : $"{least} to {most} are possible";
        return number.Value >= least && number.Value <= most ? number.Value : throw Error(key, node, $"is {number.Value}; {range}");
    }

    /// <summary>True or false, or a default when the key is absent.</summary>
    public bool FindBoolean(string key, bool absent) => Find(key) switch
    {
        null => absent,
        TomlBoolean boolean => boolean.Value,
        TomlNode other => throw Error(key, other, $"is {other.Kind}; true or false is needed"),
    };

    /// <summary>The full path of a file that a key names, relative to the manifest's folder; it is there.</summary>
    public string Locate(string key, TomlText path) => Resolve(path) is var full && File.Exists(full)
        ? full
        : throw Error(key, path, $"'{path.Value}' not found; paths are relative to {Folder}");

    /// <summary>The full path of a file, relative to the manifest's folder, which need not be there; empty for what is no path.</summary>
    public string Resolve(TomlText path)
    {
        bool possible = path.Value.Length != 0 && !path.Value.Contains('\0');
        return possible ? Path.GetFullPath(path.Value, Path.GetFullPath(Folder)) : "";
    }

    /// <summary>Refuses text that a serial line or the appliance's own font cannot show.</summary>
    public void RefuseUnprintable(string key, TomlText text)
    {
        if (text.Value.Any(character => character is < ' ' or > '~'))
        {
            throw Error(key, text, "has a character that is not printable ASCII");
        }
    }

    /// <summary>The failure to tell about one key.</summary>
    public EmberException Error(string key, TomlNode node, string message) =>
        new ManifestPosition(file, node.Line).Error($"{owner}: {key} {message}");

    private TomlText AsText(string key, TomlNode node) =>
        node as TomlText ?? throw Error(key, node, $"is {node.Kind}; a string is needed");
}
