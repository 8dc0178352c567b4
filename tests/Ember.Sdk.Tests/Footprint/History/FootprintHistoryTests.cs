using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Footprint;
using Ember.Sdk.Footprint.History;
using Ember.Sdk.Tests.Footprint.Comparison;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Footprint.History;

public sealed class FootprintHistoryTests
{
    [Fact]
    public void Builds_are_added_at_the_end_and_read_in_their_order()
    {
        using TemporaryFolder folder = new();
        string path = folder["history.jsonl"];
        HistoryEntry[] entries = [.. Enumerable.Range(1, 3).Select(Entry)];

        foreach (HistoryEntry entry in entries)
        {
            Assert.Equal(entry.Digest, FootprintHistory.Append(path, entry)[^1].Digest);
        }

        Assert.Equal(3, File.ReadAllLines(path).Length);
        Assert.Equal(entries.Select(Told), FootprintHistory.Read(path).Select(Told));
        Assert.Single(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void The_same_core_is_not_added_twice_in_a_row()
    {
        using TemporaryFolder folder = new();
        string path = folder["history.jsonl"];
        FootprintHistory.Append(path, Entry(1));
        byte[] before = File.ReadAllBytes(path);

        IReadOnlyList<HistoryEntry> entries = FootprintHistory.Append(path, Entry(1) with { Revision = "later" });

        Assert.Equal("r1 <&>", Assert.Single(entries).Revision);
        Assert.Equal(before, File.ReadAllBytes(path));
        FootprintHistory.Append(path, Entry(2));
        Assert.Equal(3, FootprintHistory.Append(path, Entry(1)).Count);
    }

    [Fact]
    public void A_cut_off_last_line_is_refused_and_the_file_stays()
    {
        using TemporaryFolder folder = new();
        string path = folder["history.jsonl"];
        FootprintHistory.Append(path, Entry(1));
        FootprintHistory.Append(path, Entry(2));
        byte[] whole = File.ReadAllBytes(path);
        int first = Array.IndexOf(whole, (byte)'\n') + 1;
        for (int length = first + 1; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            EmberException e = Assert.Throws<EmberException>(() => FootprintHistory.Append(path, Entry(3)));

            Assert.Equal(ErrorKind.Input, e.Kind);
            Assert.StartsWith($"{path}:2: the line is cut off: ", e.Message, StringComparison.Ordinal);
            Assert.EndsWith("; delete it, the lines before are good", e.Message, StringComparison.Ordinal);
            Assert.Equal(length, new FileInfo(path).Length);
        }
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":7", "format 7 is unknown; this version of ember reads format 1")]
    [InlineData("\"file\":2000", "\"file\":-2000", "file is no whole number from 0 to 1099511627776")]
    [InlineData("\"Ember.Core\":20", "\"Ember.Core\":\"20\"", "a number of namespaces is no whole number from 0 to 1099511627776")]
    [InlineData("\"Ember.Core\":20", "\"Ember.Core\":20,\"Ember.Core\":20", "damaged or cut off: ")]
    [InlineData("\"namespaces\"", "\"namespace\"", "namespaces is missing")]
    [InlineData("{\"schema\"", "\n{\"schema\"", "damaged or cut off: ")]
    [InlineData("\"revision\":\"r2", "\"revision\":\"\\udc00", "a text in it is not Unicode")]
    public void Anything_else_is_refused_with_its_line(string find, string replace, string expected)
    {
        using TemporaryFolder folder = new();
        string path = folder["history.jsonl"];
        FootprintHistory.Append(path, Entry(1));
        FootprintHistory.Append(path, Entry(2));
        string text = File.ReadAllText(path);
        int at = text.LastIndexOf(find, StringComparison.Ordinal);
        Assert.True(at > text.IndexOf('\n', StringComparison.Ordinal));
        File.WriteAllText(path, text.Remove(at, find.Length).Insert(at, replace));

        EmberException e = Assert.Throws<EmberException>(() => FootprintHistory.Read(path));

        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.StartsWith($"{path}:2: {expected}", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void An_entry_is_the_sum_of_a_snapshot_by_namespace()
    {
        HistoryEntry entry = FootprintHistory.Entry(
            SnapshotFixture.Of(
                SnapshotFixture.Piece("f()", 30),
                SnapshotFixture.Piece("g()", 12),
                SnapshotFixture.Piece("h()", 5, space: "Other"),
                SnapshotFixture.Piece("headers", 100, type: "", space: "")),
            null);

        Assert.Equal(new Sizes(0, 147, 147, 0), entry.Sizes);
        Assert.Equal("000000000000", entry.Revision);
        Assert.Equal(
            [(SnapshotFixture.Space, 42L), ("Other", 5L)],
            entry.Namespaces.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key));
    }

    internal static HistoryEntry Entry(int number) => new(
        $"r{number} <&>",
        SnapshotFixture.Hash(number),
        new Sizes(0, number * 1000, number * 1100, 7),
        new Dictionary<string, long> { ["Ember.Core.Devices"] = number * 400, ["Ember.Core"] = number * 10 });

    private static (string, string, Sizes, string) Told(HistoryEntry entry) =>
        (entry.Revision, entry.Digest, entry.Sizes, string.Join(' ', entry.Namespaces.OrderBy(pair => pair.Key, StringComparer.Ordinal)));
}
