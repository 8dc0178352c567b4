using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;

namespace Ember.Boot.Tests;

/// <summary>The same sources give the same core, wherever they lie.</summary>
[Trait("Category", "Slow")]
public sealed class ReproducibilityTests : IDisposable
{
    // Whatever a folder may be called that a compiler's options or a shell could stumble over.
    private const string Elsewhere = "another checkout, its name = odd";

    private static readonly string[] _sources = ["src", Path.Combine("tools", "Ember.Stubs")];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-reproducibility-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Loader_and_core_are_the_same_to_the_bit_when_their_sources_lie_in_another_folder()
    {
        Repository here = Repository.Containing(AppContext.BaseDirectory);
        Repository there = new(Path.Combine(_folder.FullName, Elsewhere));
        foreach (string folder in _sources)
        {
            Copy(Path.Combine(here.Root, folder), Path.Combine(there.Root, folder), SearchOption.AllDirectories);
        }

        Copy(Path.Combine(here.Root, "tools"), Path.Combine(there.Root, "tools"), SearchOption.TopDirectoryOnly);
        Copy(here.Root, there.Root, SearchOption.TopDirectoryOnly);

        CompiledFiles first = await SourceBuild.RunAsync(here, HostSystem.Current);
        CompiledFiles second = await SourceBuild.RunAsync(there, HostSystem.Current);
        Assert.Equal(await File.ReadAllBytesAsync(first.Core.Efi), await File.ReadAllBytesAsync(second.Core.Efi));
        Assert.Equal(await File.ReadAllBytesAsync(first.Loader), await File.ReadAllBytesAsync(second.Loader));

        // The digests are of everything else that tells about the core.
        Assert.Equal(await File.ReadAllTextAsync(first.Core.Symbols.Digests), await File.ReadAllTextAsync(second.Core.Symbols.Digests));
    }

    private static void Copy(string from, string to, SearchOption depth)
    {
        foreach (string file in Directory.GetFiles(from, "*", depth))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
