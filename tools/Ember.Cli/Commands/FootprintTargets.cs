using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Commands;

/// <summary>What <c>ember footprint</c> and <c>ember audit</c> look at.</summary>
internal static class FootprintTargets
{
    /// <summary>The argument that names it.</summary>
    public static Argument<string> Argument() => new("TARGET")
    {
        Description = "An appliance's folder, which is built first; the output folder of a build; an image; or a core.efi",
    };

    /// <summary>Look at what was built last.</summary>
    public static Option<bool> NoBuild() => new("--no-build") { Description = "Do not build an appliance's folder first" };

    /// <summary>Opens what the argument names.</summary>
    public static async Task<FootprintTarget> OpenAsync(
        CliHost host, string given, bool build, bool install, CancellationToken cancellation)
    {
        string path = host.FullPath(given);
        if (!File.Exists(Path.Combine(path, ApplianceBuild.ManifestFile)))
        {
            return FootprintTarget.Open(path);
        }

        BuildFolder folder = host.UsualOutput(path);
        if (build)
        {
            await new PackageInstaller(host.System, host.Report).EnsureAsync(HostPurpose.Build, install, cancellation);
            folder = (await BuildCommand.BuildAsync(host, path, folder.Folder, null, cancellation)).Folder;
        }

        return FootprintTarget.Open(folder.Folder);
    }
}
