using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;

namespace Ember.Benchmarks.Boot;

/// <summary>What a program of the host needs to run elsewhere.</summary>
internal static partial class SharedLibraries
{
    /// <summary>The full paths of a program's shared libraries and of their loader.</summary>
    public static async Task<IReadOnlyList<string>> FindAsync(HostSystem host, string program, CancellationToken cancellation)
    {
        HostCommandResult result = await new HostCommand("ldd", program) { Package = "libc-bin" }.RunAsync(host, cancellation);
        if (result.ExitCode != 0 || result.Output.Contains("not found", StringComparison.Ordinal))
        {
            throw new EmberException(ErrorKind.Host, $"{program}: its shared libraries are not all there: {result.Output}");
        }

        return [.. LibraryPath().Matches(result.Output).Select(match => match.Groups["path"].Value).Distinct()];
    }

    [GeneratedRegex(@"(?<path>/\S+) \(0x[0-9a-f]+\)$", RegexOptions.Multiline)]
    private static partial Regex LibraryPath();
}
