using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace Ember.Sdk.Hosts;

/// <summary>Brings the packages that a host lacks, through apt-get.</summary>
/// <param name="host">The host to complete.</param>
/// <param name="report">Takes a line for a person about each thing that is about to happen, and what apt-get says.</param>
public sealed class PackageInstaller(HostSystem host, Action<string> report)
{
    /// <summary>
    /// Says which packages <paramref name="purpose"/> needs and the host lacks, and installs them.
    /// </summary>
    /// <param name="purpose">What the host is wanted for.</param>
    /// <param name="install">False: only name them, in the exception.</param>
    /// <param name="cancellation">Stops apt-get.</param>
    /// <exception cref="EmberException">The packages are missing still (exit code 3).</exception>
    public async Task EnsureAsync(HostPurpose purpose, bool install, CancellationToken cancellation = default)
    {
        IReadOnlyList<HostPackage> missing = HostPackages.Missing(host, purpose);
        if (missing.Count == 0)
        {
            return;
        }

        string list = string.Join(", ", missing.Select(package => $"{package.Name} ({package.Why})"));
        string[] names = [.. missing.Select(package => package.Name)];
        if (!install)
        {
            throw new EmberException(
                ErrorKind.Host, $"this host lacks {list}; install with: sudo apt-get install {string.Join(' ', names)}");
        }

        report($"this host lacks {list}: installing");
        if (!await AptGetAsync(["install", "-y", "--no-install-recommends", .. names], cancellation))
        {
            report("apt-get could not install them: refreshing its package lists");
            await AptGetAsync(["update"], cancellation);
            await AptGetAsync(["install", "-y", "--no-install-recommends", .. names], cancellation);
        }

        IReadOnlyList<HostPackage> still = HostPackages.Missing(host, purpose);
        if (still.Count != 0)
        {
            string lacking = string.Join(", ", still.Select(package => $"{package.Name} ('{package.Proof}' not found)"));
            throw new EmberException(
                ErrorKind.Host, $"this host still lacks {lacking}; see what apt-get said above, or install by hand");
        }
    }

    private async Task<bool> AptGetAsync(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        string apt = host.FindProgram("apt-get") ?? throw new EmberException(
            ErrorKind.Host, "this host has no apt-get; install the named packages the way this system does it");
        // sudo passes no variables on, hence env. Another apt may be at work just after a machine was installed: wait for it.
        string[] command = ["env", "DEBIAN_FRONTEND=noninteractive", apt, "-q", "-o", "DPkg::Lock::Timeout=300", .. arguments];
        if (!Environment.IsPrivilegedProcess)
        {
            if (host.FindProgram("sudo") is null)
            {
                throw new EmberException(
                    ErrorKind.Host, "installing packages needs root and this host has no sudo; run the same command as root");
            }

            command = ["sudo", .. command];
        }

        HostCommand run = new(command[0], command[1..]) { LineReceived = report };
        return (await run.RunAsync(host, cancellation)).ExitCode == 0;
    }
}
