using System;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Symbols;

/// <summary>What compiler and linker write is read, or refused with a message, whatever became of it on the way.</summary>
public sealed class BuildOutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_map_without_its_heading_is_none()
    {
        EmberException e = Assert.Throws<EmberException>(() => LinkerMap.Parse("core.map", "Start Length\n"));
        Assert.Equal("core.map:1: no map of lld-link's /lldmap: the heading is missing", e.Message);
    }

    [Theory]
    [InlineData("00001000 00000007    16", "cut off")]
    [InlineData("00001000 00000007    16         ", "cut off")]
    [InlineData("00001000", "'' is no hexadecimal number")]
    [InlineData("0000100g 00000007    16         stubs.obj:(.text)", "'0000100g' is no hexadecimal number")]
    [InlineData("00001000 00000007    16         stubs.obj", "'stubs.obj' is no piece of an object file")]
    public void A_bad_line_of_a_map_is_named(string line, string problem)
    {
        string text = $"{File.ReadLines(ReferenceBuild.Symbols.LinkerMap).First()}\n{line}\n";
        EmberException e = Assert.Throws<EmberException>(() => LinkerMap.Parse("core.map", text));
        Assert.Equal($"core.map:2: {problem}", e.Message);
    }

    [Fact]
    public void Statistics_of_another_format_are_refused()
    {
        byte[] bytes = File.ReadAllBytes(ReferenceBuild.Symbols.Statistics);
        // The assembly's row: hash algorithm, then major and minor version, 2.2 as ilc 10 writes it, then two words of ones.
        int version = bytes.AsSpan().IndexOf((ReadOnlySpan<byte>)[2, 0, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF]);
        bytes[version] = 3;
        EmberException e = Assert.Throws<EmberException>(() => SizeStatistics.Read(Write(bytes)));
        Assert.Contains("size statistics of format 3; this version reads format 2, as ilc 10 writes it", e.Message);
    }

    [Fact]
    public void A_map_of_the_compiler_that_names_an_entity_is_refused()
    {
        const string Text = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><ObjectNodes><A Name=\"&e;\" Length=\"1\"/></ObjectNodes>";
        Assert.Throws<EmberException>(() => CompilerMap.Read(Write(Encoding.UTF8.GetBytes(Text))));
    }

    [Fact]
    public void Damaged_files_are_refused_or_read_and_never_anything_else()
    {
        (string Path, Action<string> Read)[] readers =
        [
            (ReferenceBuild.Symbols.LinkerMap, path => LinkerMap.Read(path)),
            (ReferenceBuild.Symbols.CompilerMap, path => CompilerMap.Read(path)),
            (ReferenceBuild.Symbols.Statistics, path => SizeStatistics.Read(path)),
            (ReferenceBuild.Symbols.ObjectFile, path => SourceLines.Read(path)),
        ];
        foreach ((string path, Action<string> read) in readers)
        {
            byte[] whole = File.ReadAllBytes(path);
            Gen<(int, byte)[]> changes = (from place in Gen.Int[0, whole.Length - 1] from value in Gen.Byte select (place, value)).Array[1, 20];
            Gen.Select(Gen.Int[0, whole.Length], Gen.Bool, changes).Sample(
                (length, cut, damage) =>
                {
                    byte[] bytes = [.. cut ? whole.AsSpan(0, length) : whole];
                    foreach ((int place, byte value) in damage.Where(change => change.Item1 < bytes.Length))
                    {
                        bytes[place] = value;
                    }

                    try
                    {
                        read(Write(bytes));
                    }
                    catch (EmberException e)
                    {
                        Assert.Equal(ErrorKind.Input, e.Kind);
                    }
                },
                iter: 60,
                threads: 1);
        }
    }

    private string Write(byte[] bytes)
    {
        File.WriteAllBytes(_folder["file"], bytes);
        return _folder["file"];
    }
}
