using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Ember.Sdk.Footprint.Comparison;
using Ember.Sdk.Footprint.Storage;
using Ember.Sdk.Output;

namespace Ember.Sdk.Footprint.History;

/// <summary>What build after build took, in a file of JSON Lines: one line a build, the oldest first.</summary>
public static class FootprintHistory
{
    private const string Schema = "ember-footprint-history";
    private const int Format = 1;
    private const int ShortDigest = 12;

    /// <summary>The line for a build.</summary>
    /// <param name="build">The build.</param>
    /// <param name="revision">What its sources were, a commit for example; null when nothing tells.</param>
    public static HistoryEntry Entry(FootprintSnapshot build, string? revision) => new(
        revision ?? build.Digest[..ShortDigest],
        build.Digest,
        build.Total,
        build.Pieces
            .Where(piece => piece.Source.Namespace.Length != 0)
            .GroupBy(piece => piece.Source.Namespace)
            .ToDictionary(group => group.Key, group => group.Sum(piece => piece.Sizes.File)));

    /// <summary>Reads the file <paramref name="path"/>.</summary>
    /// <returns>The builds, the oldest first.</returns>
    /// <exception cref="EmberException">
    /// It is not there, damaged, or of another version (exit code 2); the message names the line.
    /// </exception>
    public static IReadOnlyList<HistoryEntry> Read(string path) => Parse(path, StoredFile.Load(path));

    /// <summary>
    /// Adds a build at the end of the file <paramref name="path"/>, which is made if it is not there, and stays as it was if
    /// anything fails. A build of the same core as the last one is not added.
    /// </summary>
    /// <returns>All builds, the oldest first.</returns>
    /// <exception cref="EmberException">The file is damaged (exit code 2), or cannot be written (3).</exception>
    public static IReadOnlyList<HistoryEntry> Append(string path, HistoryEntry entry)
    {
        byte[] former = File.Exists(path) ? StoredFile.Load(path) : [];
        List<HistoryEntry> entries = Parse(path, former);
        if (entries.Count != 0 && entries[^1].Digest == entry.Digest)
        {
            return entries;
        }

        using MemoryStream stream = new();
        stream.Write(former);
        StoredFile.WriteObject(stream, json => Write(json, entry));
        stream.Write("\n"u8);
        AtomicFile.WriteAllBytes(path, stream.ToArray());
        return [.. entries, entry];
    }

    private static List<HistoryEntry> Parse(string path, byte[] bytes)
    {
        List<HistoryEntry> entries = [];
        int line = 1;
        for (int start = 0; start < bytes.Length; line++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{path}:{line}: the line is cut off: it does not end with a line end; delete it, the lines before are good");
            }

            entries.Add(ParseLine($"{path}:{line}", bytes.AsMemory(start, length)));
            start += length + 1;
        }

        return entries;
    }

    private static HistoryEntry ParseLine(string place, ReadOnlyMemory<byte> json)
    {
        StoredObject line = StoredObject.Parse(place, json);
        line.RequireFormat(Schema, Format);
        HistoryEntry entry = new(line.Text("revision"), line.Digest("sha256"), line.Sizes(), line.Numbers("namespaces"));
        line.End();
        return entry;
    }

    private static void Write(Utf8JsonWriter json, HistoryEntry entry)
    {
        json.WriteString("schema", Schema);
        json.WriteNumber("format", Format);
        json.WriteString("revision", entry.Revision);
        json.WriteString("sha256", entry.Digest);
        StoredFile.WriteSizes(json, entry.Sizes);
        json.WriteStartObject("namespaces");
        foreach ((string space, long size) in entry.Namespaces.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteNumber(space, size);
        }

        json.WriteEndObject();
    }
}
