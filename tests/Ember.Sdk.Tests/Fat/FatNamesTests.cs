using System;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Sdk.Fat;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Fat;

/// <summary>Names long and short, beside what mtools reads of them.</summary>
public sealed class FatNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Volume => _folder["volume.img"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("BOOTX64.EFI", "BOOTX64.EFI")]
    [InlineData("core.efi", "CORE.EFI")]
    [InlineData("Mixed.Txt", "MIXED.TXT")]
    [InlineData("NOEXT", "NOEXT")]
    [InlineData("A~1.X", "A~1.X")]
    [InlineData("appliance.plan", "APPLIA~1.PLA")]
    [InlineData("a.b.c", "AB~1.C")]
    [InlineData(".bashrc", "BASHRC~1")]
    [InlineData("..two", "TWO~1")]
    [InlineData(" lead", "LEAD~1")]
    [InlineData("with space.txt", "WITHSP~1.TXT")]
    [InlineData("plus+.txt", "PLUS_~1.TXT")]
    [InlineData("[a];=,.b", "_A____~1.B")]
    [InlineData("ninechars", "NINECH~1")]
    [InlineData("a.long", "A~1.LON")]
    [InlineData("ä.txt", "_~1.TXT")]
    [InlineData("日本語", "___~1")]
    [InlineData("tilde~1", "TILDE~1")]
    public void A_name_gets_the_short_name_that_Windows_would_give(string name, string shortName)
    {
        VolumeFixture.Write(Volume, VolumeFixture.Named(name));

        FatEntry entry = Assert.Single(VolumeFixture.Entries(Volume));
        Assert.Equal(name, entry.Path);
        Assert.Equal(shortName, entry.ShortName);
        Assert.Equal([name], Oracles.Paths(Volume, 0));
        Oracles.RequireCleanVolume(Volume);
    }

    [Fact]
    public void A_character_beyond_the_first_65536_comes_back()
    {
        // Not compared with mtools, which shows "__" for it.
        VolumeFixture.Write(Volume, VolumeFixture.Named("😀"));

        FatEntry entry = Assert.Single(VolumeFixture.Entries(Volume));
        Assert.Equal("😀", entry.Path);
        Assert.Equal("__~1", entry.ShortName);
        Oracles.RequireCleanVolume(Volume);
    }

    [Theory]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(25)]
    [InlineData(26)]
    [InlineData(27)]
    [InlineData(254)]
    [InlineData(255)]
    public void A_name_of_any_length_comes_back(int length)
    {
        string[] names = [.. "abc".Select(first => first + new string('x', length - 1))];
        VolumeFixture.Write(Volume, VolumeFixture.Named(names));

        Assert.Equal(names, VolumeFixture.Entries(Volume).Select(entry => entry.Path));
        Assert.Equal(names, Oracles.Paths(Volume, 0));
        Assert.Equal(4, Oracles.RequireCleanVolume(Volume).Files);
    }

    [Fact]
    public void Names_that_begin_alike_get_numbers_past_those_taken()
    {
        IEnumerable<string> alike = Enumerable.Range(100, 150).Select(number => $"longname{number}.txt");
        SortedDictionary<string, byte[]> files = VolumeFixture.Named(["LONGNA~2.TXT", "longna~10.txt", .. alike]);
        VolumeFixture.Write(Volume, files);

        IReadOnlyList<FatEntry> entries = VolumeFixture.Entries(Volume);
        Assert.Equal("LONGNA~2.TXT", entries.Single(entry => entry.Path == "LONGNA~2.TXT").ShortName);
        Assert.Equal("LONGNA~1.TXT", entries.Single(entry => entry.Path == "longname100.txt").ShortName);
        Assert.Equal("LONGNA~3.TXT", entries.Single(entry => entry.Path == "longname101.txt").ShortName);
        Assert.Equal("LONGN~10.TXT", entries.Single(entry => entry.Path == "longname108.txt").ShortName);
        Assert.Equal("LONG~151.TXT", entries.Single(entry => entry.Path == "longname249.txt").ShortName);
        Assert.Equal("LONG~152.TXT", entries.Single(entry => entry.Path == "longna~10.txt").ShortName);
        Assert.Equal(files.Keys, Oracles.Paths(Volume, 0));
        Oracles.RequireCleanVolume(Volume);
    }

    [Fact]
    public void Any_tree_of_allowed_names_comes_back_from_our_reader_and_from_mtools() => Trees().Sample(
        files =>
        {
            VolumeFixture.Write(Volume, files);

            IReadOnlyList<FatEntry> entries = VolumeFixture.Entries(Volume);
            IEnumerable<string> found = entries.Where(entry => !entry.IsDirectory).Select(entry => entry.Path);
            Assert.Equal(files.Keys, found.Order(StringComparer.Ordinal));
            Assert.Equal(VolumeFixture.Paths(entries), Oracles.Paths(Volume, 0));
            Assert.Equal(entries.Count + 1, Oracles.RequireCleanVolume(Volume).Files);
        },
        iter: 60,
        threads: 1);

    [Fact]
    public void Any_name_at_all_is_either_refused_with_a_reason_or_comes_back() => Gen.String.Sample(
        name =>
        {
            SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal) { [name] = [] };
            try
            {
                VolumeFixture.Write(Volume, files);
            }
            catch (ImageException exception)
            {
                Assert.Equal(ErrorKind.Input, exception.Kind);
                return;
            }

            Assert.Equal(name, VolumeFixture.Entries(Volume)[^1].Path);
        },
        iter: 300,
        threads: 1);

    private static Gen<SortedDictionary<string, byte[]>> Trees()
    {
        Gen<char> character = Gen.Frequency(
            (10, Gen.Char["abcxyzABCXYZ0189"]), (3, Gen.Char["._-~ +,;=[]$%'@`!(){}^#&"]), (1, Gen.Char["äßéЖ日本"]));
        Gen<string> name = Gen.Frequency(
                (8, Gen.String[character, 1, 14]), (4, Gen.String[Gen.Char["aA~1."], 1, 12]), (1, Gen.String[character, 15, 120]))
            .Where(text => text[^1] is not ('.' or ' '));
        return name.Array[1, 2].Array[1, 60].Select(paths =>
        {
            SortedDictionary<string, byte[]> files = new(StringComparer.Ordinal);
            HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);
            foreach (string[] path in paths)
            {
                // Folders and files in separate worlds, that a file is never where a folder has to be.
                string full = path.Length == 1 ? "F" + path[0] : $"D{path[0].ToUpperInvariant()}/{path[1]}";
                if (taken.Add(full))
                {
                    files.Add(full, System.Text.Encoding.UTF8.GetBytes(full));
                }
            }

            return files;
        });
    }
}
