using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Compilation;

/// <summary>Compiles the hypervisor core of a checkout with <c>dotnet build</c>.</summary>
public static class CoreBuild
{
    /// <summary>Brings <c>core.efi</c> up to date with its sources.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="host">The host, which has the .NET SDK and lld.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <exception cref="EmberException">
    /// The sources do not compile (exit code 2, with the compiler's errors), or packages cannot be fetched (3).
    /// </exception>
    public static async Task<CoreFiles> RunAsync(Repository repository, HostSystem host, CancellationToken cancellation = default)
    {
        await DotnetBuild.RunAsync(repository, host, repository.CoreProject, cancellation);
        CoreFiles files = new(Path.Combine(repository.Artifacts, "bin", "Ember.Core", "release_net10.0-ember1.0"));
        foreach (string path in new[] { files.Efi, files.Symbols.Digests })
        {
            if (!File.Exists(path))
            {
                throw new EmberException(ErrorKind.Input, $"{path}: not there after 'dotnet build {repository.CoreProject}'");
            }
        }

        return files;
    }
}
