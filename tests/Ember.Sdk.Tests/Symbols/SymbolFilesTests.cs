using System;
using System.IO;
using Ember.Sdk.Footprint;
using Ember.Sdk.Symbols;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Symbols;

public sealed class SymbolFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _core;
    private readonly SymbolFiles _files;

    public SymbolFilesTests()
    {
        _core = ReferenceBuild.CopyTo(_folder.Path);
        _files = new SymbolFiles(_folder[SymbolFiles.FolderName]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_files_of_a_build_belong_together()
    {
        Assert.Equal(ReferenceBuild.Target.Symbols.All.Count, FootprintTarget.Open(_core).Symbols.All.Count);
    }

    [Fact]
    public void A_signed_core_still_belongs_to_its_build()
    {
        File.WriteAllBytes(_core, ReferenceBuild.Signed(ReferenceBuild.ReadCore(), new byte[512]));
        Assert.Equal(ReferenceBuild.Target.Symbols.All.Count, FootprintTarget.Open(_core).Symbols.All.Count);
    }

    [Theory]
    [InlineData("core.map")]
    [InlineData("core.map.xml")]
    [InlineData("core.mstat")]
    [InlineData("core.dgml")]
    [InlineData("core.obj")]
    [InlineData("Ember.Core.dll")]
    public void A_file_of_another_build_is_refused(string name)
    {
        File.AppendAllText(Path.Combine(_files.Folder, name), "\n");
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_core));
        Assert.Contains($"symbols/{name}: not of the build that ", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }

    [Fact]
    public void A_core_of_another_build_or_packed_is_refused()
    {
        byte[] bytes = ReferenceBuild.ReadCore();
        bytes[^1] ^= 1;
        File.WriteAllBytes(_core, bytes);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_core));
        Assert.StartsWith($"{_core}: not of the build that ", e.Message);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(_files.Statistics);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_core));
        Assert.StartsWith($"{_files.Statistics}: not there, though {_files.Digests} names it", e.Message);
    }

    [Fact]
    public void A_stripped_core_says_what_is_missing()
    {
        Directory.Delete(_files.Folder, recursive: true);
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_core));
        Assert.StartsWith($"{_core}: stripped: {_files.Digests} is not there", e.Message);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00  ../core.efi")]
    [InlineData("00  ")]
    public void A_list_of_digests_that_is_none_is_refused_by_line(string line)
    {
        File.AppendAllText(_files.Digests, line + "\n");
        int number = File.ReadAllLines(_files.Digests).Length;
        EmberException e = Assert.Throws<EmberException>(() => FootprintTarget.Open(_core));
        Assert.Equal($"{_files.Digests}:{number}: no line of sha256sum's", e.Message);
    }
}
