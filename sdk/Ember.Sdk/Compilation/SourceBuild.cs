using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Compilation;

/// <summary>Compiles what runs on the appliance, loader and core, with <c>dotnet build</c>.</summary>
public static class SourceBuild
{
    private const string OutputFolder = "release_net10.0-ember1.0";

    /// <summary>Brings <c>loader.efi</c> and <c>core.efi</c> up to date with their sources.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="host">The host, which has the .NET SDK and lld.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <exception cref="EmberException">
    /// The sources do not compile (exit code 2, with the compiler's errors), or packages cannot be fetched (3).
    /// </exception>
    public static async Task<CompiledFiles> RunAsync(
        Repository repository, HostSystem host, CancellationToken cancellation = default)
    {
        await DotnetBuild.RunAsync(repository, host, repository.ApplianceSources, cancellation);
        string binaries = Path.Combine(repository.Artifacts, "bin");
        CompiledFiles files = new(
            Path.Combine(binaries, "Ember.Loader", OutputFolder, "loader.efi"),
            new CoreFiles(Path.Combine(binaries, "Ember.Core", OutputFolder)));
        foreach (string path in new[] { files.Loader, files.Core.Efi, files.Core.Symbols.Digests })
        {
            if (!File.Exists(path))
            {
                throw new EmberException(ErrorKind.Input, $"{path}: not there after 'dotnet build {repository.ApplianceSources}'");
            }
        }

        return files;
    }
}
