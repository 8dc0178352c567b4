using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Sdk.Fat;

namespace Ember.Sdk.Tests.Fat;

/// <summary>Input that no volume can hold, and what is said about it.</summary>
public sealed class FatTreeTests
{
    [Theory]
    [InlineData("", "an empty name")]
    [InlineData("/a", "an empty name")]
    [InlineData("a/", "an empty name")]
    [InlineData("a//b", "an empty name")]
    [InlineData("a\\b", "contains '\\'")]
    [InlineData("a:b", "contains ':'")]
    [InlineData("a*", "contains '*'")]
    [InlineData("what?", "contains '?'")]
    [InlineData("a\"b", "contains '\"'")]
    [InlineData("<a>", "contains '<'")]
    [InlineData("a|b", "contains '|'")]
    [InlineData("a\nb", "control character 0x0A")]
    [InlineData("a\0b", "control character 0x00")]
    [InlineData("a\x7F", "control character 0x7F")]
    [InlineData("\uD800x", "half a surrogate pair")]
    [InlineData("dot.", "ends in a dot or a space")]
    [InlineData("space ", "ends in a dot or a space")]
    [InlineData(".", "ends in a dot or a space")]
    [InlineData("EFI/..", "ends in a dot or a space")]
    [InlineData("../etc", "ends in a dot or a space")]
    [InlineData("nul", "is a device")]
    [InlineData("EFI/con.txt", "is a device")]
    [InlineData("COM1", "is a device")]
    [InlineData("lpt9.a.b", "is a device")]
    public void A_name_that_some_system_cannot_open_is_refused(string path, string what)
    {
        ImageException exception = Refused(new FatFile(path, 0));
        Assert.Contains(what, exception.What, StringComparison.Ordinal);
        Assert.Equal($"'{path}'", exception.Where);
    }

    [Theory]
    [InlineData(256, "the name is 256 characters long")]
    [InlineData(258, "the name is 258 characters long")]
    [InlineData(259, "the path is 259 characters long")]
    [InlineData(1_000_000, "the path is 1000000 characters long")]
    public void A_name_that_is_too_long_is_refused(int length, string what) =>
        Assert.Contains(what, Refused(new FatFile(new string('n', length), 0)).What, StringComparison.Ordinal);

    [Fact]
    public void A_path_of_too_many_folders_is_refused()
    {
        string path = string.Concat(Enumerable.Repeat("d/", 200_000)) + "f";
        Assert.Contains("the path is", Refused(new FatFile(path, 0)).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "A")]
    [InlineData("ä", "Ä")]
    [InlineData("a", "a/b")]
    [InlineData("A", "a/b")]
    [InlineData("EFI/BOOT/a", "efi/boot/b")]
    [InlineData("EFI/BOOT/a", "EFI/Boot/b")]
    public void Names_that_differ_in_case_alone_or_not_at_all_are_refused(string one, string other)
    {
        foreach (FatFile[] files in (FatFile[][])[[new(one, 1), new(other, 2)], [new(other, 2), new(one, 1)]])
        {
            Assert.Contains("there is", Refused(files).What, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(0x1_0000_0000)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public void A_file_that_is_too_long_is_refused(long length) =>
        Assert.Contains("bytes long", Refused(new FatFile("big", length)).What, StringComparison.Ordinal);

    [Fact]
    public void The_longest_file_is_taken() =>
        Assert.Single(FatTree.Build([new FatFile("big", 0xFFFF_FFFF)]).Files);

    [Fact]
    public void A_folder_takes_as_many_entries_as_the_format_allows_and_no_more()
    {
        // Two entries a name; the root's label and its last entry take two more.
        IEnumerable<FatFile> files = Enumerable.Range(0, 32_768).Select(number => new FatFile($"f{number}", 0));

        Assert.Equal(32_767, FatTree.Build(files.Take(32_767)).Files.Count());
        Assert.Contains("65536 entries", Refused([.. files]).What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("TWELVELETTER")]
    [InlineData("lower")]
    [InlineData(" LEAD")]
    [InlineData("TRAIL ")]
    [InlineData("A.B")]
    [InlineData("Ä")]
    public void A_label_that_is_none_is_refused(string label)
    {
        FatLayout layout = FatLayout.TryCreate(FatTree.Build([]), FatGeometry.ForVolume(100_000, FatType.Fat32)!.Value)!;

        ImageException exception = Assert.Throws<ImageException>(
            () => FatWriter.WriteMetadata(layout, VolumeFixture.Identity with { Label = label }, (_, _) => { }));

        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal($"volume label '{label}'", exception.Where);
    }

    private static ImageException Refused(params FatFile[] files)
    {
        ImageException exception = Assert.Throws<ImageException>(() => FatTree.Build(files));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.NotEmpty(exception.Remedy);
        return exception;
    }
}
