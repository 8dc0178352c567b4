using System.IO;
using System.Text;
using System.Threading.Tasks;
using Ember.Cli.Commands;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests;

/// <summary>One run of the command inside the test's process.</summary>
public sealed record CliRun(int ExitCode, string Output, string Error)
{
    public static async Task<CliRun> InAsync(
        string folder, HostSystem? system = null, string? repository = null, params string[] arguments)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        using MemoryStream bytes = new();
        CliHost host = new(system ?? HostSystem.Current, output, error, folder)
        {
            RepositoryFolder = repository ?? folder,
            OpenOutput = () => bytes,
            OpenError = () => bytes,
        };
        int exitCode = await EmberCommand.RunAsync(arguments, host);
        return new CliRun(exitCode, output + Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }
}
