using System.Reflection;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk.Hosts;

namespace Ember.Sdk.Compilation;

/// <summary>The versions of everything that had a hand in an image.</summary>
/// <param name="Ember">This SDK.</param>
/// <param name="Dotnet">The .NET SDK, hence the C# compiler.</param>
/// <param name="Ilc">The NativeAOT compiler.</param>
/// <param name="Lld">The linker, as it names itself.</param>
public sealed record ToolVersions(string Ember, string Dotnet, string Ilc, string Lld)
{
    /// <summary>This SDK's version.</summary>
    public static string EmberVersion { get; } =
        typeof(ToolVersions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
        ?? "unknown";

    /// <summary>Asks the tools.</summary>
    /// <exception cref="EmberException">A tool is missing (exit code 3).</exception>
    public static async Task<ToolVersions> ReadAsync(
        Repository repository, HostSystem host, CancellationToken cancellation = default)
    {
        HostCommand dotnet = new("dotnet", "--version")
        {
            WorkingDirectory = repository.Root,
            Variables = DotnetBuild.Variables,
        };
        HostCommandResult dotnetVersion = await dotnet.RunAsync(host, cancellation);
        HostCommandResult lldVersion = await new HostCommand("lld-link", "--version").RunAsync(host, cancellation);
        return new ToolVersions(
            EmberVersion, dotnetVersion.Output.Trim(), repository.ReadIlcVersion(), lldVersion.Output.Trim());
    }
}
