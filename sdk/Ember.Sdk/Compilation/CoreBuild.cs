using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Compilation;

/// <summary>Compiles the hypervisor core of a checkout with <c>dotnet build</c>.</summary>
public static class CoreBuild
{
    private const int ErrorsShown = 20;

    /// <summary>Brings <c>core.efi</c> up to date with its sources.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="host">The host, which has the .NET SDK and lld.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <exception cref="EmberException">
    /// The sources do not compile (exit code 2, with the compiler's errors), or packages cannot be fetched (3).
    /// </exception>
    public static async Task<CoreFiles> RunAsync(Repository repository, HostSystem host, CancellationToken cancellation = default)
    {
        HostCommand build = new(
            "dotnet", "build", repository.CoreProject, "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--tl:off")
        {
            WorkingDirectory = repository.Root,
            Variables = DotnetVariables,
        };
        HostCommandResult result = await build.RunAsync(host, cancellation);
        if (result.ExitCode != 0)
        {
            throw Failure(repository, result);
        }

        CoreFiles files = new(Path.Combine(repository.Artifacts, "bin", "Ember.Core", "release_net10.0-ember1.0"));
        foreach (string path in new[] { files.Efi, files.Map, files.Mstat })
        {
            if (!File.Exists(path))
            {
                throw new EmberException(ErrorKind.Input, $"{path}: not there after 'dotnet build {repository.CoreProject}'");
            }
        }

        return files;
    }

    /// <summary>What <c>dotnet</c> needs in its environment to say nothing but what it was asked for.</summary>
    public static IReadOnlyDictionary<string, string> DotnetVariables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    /// <summary>The failure that <paramref name="result"/>, of a <c>dotnet build</c> that failed, stands for.</summary>
    internal static EmberException Failure(Repository repository, HostCommandResult result)
    {
        string[] errors = [.. (result.Output + result.Error)
            .Split('\n')
            .Where(line => line.Contains("error ", StringComparison.Ordinal))
            .Select(line => line.Trim().Replace(repository.Root + "/", "", StringComparison.Ordinal))
            .Select(WithoutProject)
            .Distinct()];
        bool fetching = errors.Any(error => error.Contains("error NU1301", StringComparison.Ordinal));
        string what = fetching
            ? "packages cannot be fetched from NuGet; check the network or the package source"
            : "the sources do not build; mend what the compiler names";
        string shown = string.Join('\n', errors.Length == 0 ? [result.Output + result.Error] : errors.Take(ErrorsShown));
        string more = errors.Length > ErrorsShown ? $"\n(and {errors.Length - ErrorsShown} more)" : "";
        return new EmberException(fetching ? ErrorKind.Host : ErrorKind.Input, $"{what}:\n{shown}{more}");
    }

    // MSBuild ends every error with the project in brackets, so that one error in a file compiled twice looks like two.
    private static string WithoutProject(string line)
    {
        int bracket = line.LastIndexOf(" [", StringComparison.Ordinal);
        return bracket > 0 && line.EndsWith(']') ? line[..bracket] : line;
    }
}
