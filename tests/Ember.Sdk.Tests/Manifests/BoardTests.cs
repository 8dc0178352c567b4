using System;
using System.IO;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class BoardTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_with_sources_is_a_board()
    {
        string path = ManifestText.Write(_folder, ManifestText.Good + "[board]\nsources = \"board\"\n");
        Directory.CreateDirectory(_folder["board/deeper"]);
        File.WriteAllText(_folder["board/deeper/Board.cs"], "");
        Assert.Equal(_folder["board"], ManifestReader.Read(path).BoardSources);
        Assert.Null(ManifestReader.Read(ManifestText.Write(_folder, ManifestText.Good)).BoardSources);
    }

    [Theory]
    [InlineData("sources = \"board\"", "32: [board]: sources 'board' is no folder with C# in it; see sdk/docs/board-support.md")]
    [InlineData("sources = \"vmlinuz\"", "32: [board]: sources 'vmlinuz' is no folder with C# in it; see sdk/docs/board-support.md")]
    [InlineData("sources = \"\"", "32: [board]: sources '' is no folder with C# in it; see sdk/docs/board-support.md")]
    [InlineData("source = \"board\"", "32: [board]: unknown key 'source'; did you mean 'sources'?")]
    public void Anything_else_is_refused(string line, string expected)
    {
        (string message, ErrorKind kind) = ManifestText.Refused($"{ManifestText.Good}[board]\n{line}\n");
        Assert.Equal("appliance.toml:" + expected, message);
        Assert.Equal(ErrorKind.Input, kind);
    }
}
