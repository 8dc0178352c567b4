using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Compilation;

/// <summary><c>dotnet build</c> of a project or solution of a checkout.</summary>
public static class DotnetBuild
{
    private const int ErrorsShown = 20;

    /// <summary>What <c>dotnet</c> needs in its environment to say nothing but what it was asked for.</summary>
    public static IReadOnlyDictionary<string, string> Variables { get; } = new Dictionary<string, string>
    {
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        ["DOTNET_CLI_UI_LANGUAGE"] = "en",
    };

    /// <summary>Brings everything that <paramref name="project"/> makes up to date with its sources.</summary>
    /// <param name="repository">The checkout.</param>
    /// <param name="host">The host, which has the .NET SDK.</param>
    /// <param name="project">The project's or solution's file.</param>
    /// <param name="cancellation">Stops the compilers.</param>
    /// <exception cref="EmberException">
    /// The sources do not compile (exit code 2, with the compiler's errors), or packages cannot be fetched (3).
    /// </exception>
    public static async Task RunAsync(
        Repository repository, HostSystem host, string project, CancellationToken cancellation = default)
    {
        HostCommand build = new(
            "dotnet",
            [
                "build", project, "--configuration", "Release", "--nologo", "--verbosity", "quiet", "--tl:off",
                .. repository.Properties.OrderBy(property => property.Key, StringComparer.Ordinal)
                    .Select(property => $"--property:{property.Key}={Escape(property.Value)}"),
            ])
        {
            WorkingDirectory = repository.Root,
            Variables = Variables,
        };
        HostCommandResult result = await build.RunAsync(host, cancellation);
        if (result.ExitCode != 0)
        {
            throw Failure(repository, result);
        }
    }

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

    // What separates values of MSBuild's and its properties from each other.
    private static string Escape(string value) => value
        .Replace("%", "%25", StringComparison.Ordinal)
        .Replace(";", "%3B", StringComparison.Ordinal)
        .Replace(",", "%2C", StringComparison.Ordinal);

    // MSBuild ends every error with the project in brackets, so that one error in a file compiled twice looks like two.
    private static string WithoutProject(string line)
    {
        int bracket = line.LastIndexOf(" [", StringComparison.Ordinal);
        return bracket > 0 && line.EndsWith(']') ? line[..bracket] : line;
    }
}
