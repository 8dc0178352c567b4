using System.IO;
using Ember.Sdk;
using Ember.Sdk.Output;

namespace Ember.Cli.Tests.Output;

public sealed class StagedFolderTests
{
    [Fact]
    public void Nothing_is_to_be_seen_before_the_commit_and_nothing_else_after_it()
    {
        using TemporaryFolder folder = new();
        string destination = folder.Combine("out/key");
        using (StagedFolder staged = StagedFolder.Create(destination))
        {
            File.WriteAllText(Path.Combine(staged.Path, "a"), "new");
            Assert.False(Directory.Exists(destination));
            staged.Commit();
        }

        Assert.Equal("new", File.ReadAllText(Path.Combine(destination, "a")));
        Assert.Equal([destination], Directory.GetFileSystemEntries(folder.Combine("out")));
    }

    [Fact]
    public void A_commit_replaces_all_that_was_there()
    {
        using TemporaryFolder folder = new();
        folder.Write("out/key/old", "old");
        using (StagedFolder staged = StagedFolder.Create(folder.Combine("out/key")))
        {
            File.WriteAllText(Path.Combine(staged.Path, "a"), "new");
            staged.Commit();
        }

        Assert.Equal([folder.Combine("out/key/a")], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void Without_a_commit_what_was_there_stays()
    {
        using TemporaryFolder folder = new();
        string old = folder.Write("out/key/old", "old");
        using (StagedFolder staged = StagedFolder.Create(folder.Combine("out/key")))
        {
            File.WriteAllText(Path.Combine(staged.Path, "a"), "half");
        }

        Assert.Equal([old], Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_a_killed_build_left_is_cleared_away_and_a_living_one_is_left_alone()
    {
        using TemporaryFolder folder = new();
        // Process 1 is there on every Linux; the other number is above the kernel's limit for one.
        string living = folder.Write("out/.key.new-1/a", "");
        string dead = folder.Write("out/.key.new-99999999/a", "");
        using StagedFolder staged = StagedFolder.Create(folder.Combine("out/key"));
        Assert.True(File.Exists(living));
        Assert.False(File.Exists(dead));
    }

    [Fact]
    public void A_file_in_the_way_is_named()
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("out", "");
        EmberException e = Assert.Throws<EmberException>(() => StagedFolder.Create(file));
        Assert.Equal((2, $"{file}: is a file; name a folder for the output"), (e.ExitCode, e.Message));
    }

    [Theory]
    [InlineData("/proc/ember/key")]
    [InlineData("/dev/null/key")]
    public void A_place_that_takes_no_folder_is_a_failure_of_the_host(string destination)
    {
        EmberException e = Assert.Throws<EmberException>(() => StagedFolder.Create(destination));
        Assert.Equal(3, e.ExitCode);
        Assert.StartsWith($"{destination}: cannot be written: ", e.Message);
        Assert.EndsWith("make room or permission there, or give --output", e.Message);
    }

    [Fact]
    public void A_destination_that_cannot_be_replaced_stays_and_is_reported()
    {
        using TemporaryFolder folder = new();
        string destination = folder.Combine("out/key");
        using StagedFolder staged = StagedFolder.Create(destination);
        string held = folder.Write("out/key", "came in between");
        EmberException e = Assert.Throws<EmberException>(staged.Commit);
        Assert.Equal(3, e.ExitCode);
        Assert.Equal("came in between", File.ReadAllText(held));
    }
}
