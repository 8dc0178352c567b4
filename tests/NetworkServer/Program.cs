using System;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Threading.Tasks;

namespace Ember.NetworkServer;

/// <summary>
/// The other end of a machine's cable: started in a new network namespace, it makes the tap device that is the machine's end, gives the
/// machine an address by DHCP and tells it to boot a file by HTTP, unless it is given a folder, and serves what it was given. It ends, with
/// all it started, when its input does.
/// </summary>
internal static class Program
{
    // TEST-NET-1 (RFC 5737): nobody's.
    private const string Address = "192.0.2.1";

    /// <param name="arguments">The tap device's name, and the file or folder.</param>
    public static async Task Main(string[] arguments)
    {
        (string tap, string path) = (arguments[0], arguments[1]);
        bool boots = File.Exists(path);
        string folder = boots ? Path.GetDirectoryName(path)! : path;
        await SetUpAsync("tuntap", "add", "dev", tap, "mode", "tap");
        await SetUpAsync("address", "add", Address + "/24", "dev", tap);
        await SetUpAsync("link", "set", tap, "up");
        await SetUpAsync("link", "set", "lo", "up");

        using HttpFiles http = new(Address, folder);
        using Process dhcp = await StartDhcpAsync(tap, boots ? http.Location + Path.GetFileName(path) : null);
        try
        {
            Task serving = http.ServeAsync();
            foreach (string file in boots ? [path] : Directory.GetFiles(folder))
            {
                await TryAsync(http.Location + Path.GetFileName(file));
            }

            Console.WriteLine("ready");
            await Task.WhenAny(serving, Console.In.ReadToEndAsync());
        }
        finally
        {
            dhcp.Kill();
        }
    }

    /// <summary>
    /// Asks for everything once: a firmware waits for an answer for 5 s only, and the first takes longer, on a busy host, than the others.
    /// </summary>
    private static async Task TryAsync(string location)
    {
        using HttpClient client = new();
        using HttpRequestMessage head = new(HttpMethod.Head, location);
        using HttpResponseMessage answer = await client.SendAsync(head);
        answer.EnsureSuccessStatusCode();
        await using Stream content = await client.GetStreamAsync(new Uri(location));
        await content.CopyToAsync(Stream.Null);
    }

    private static async Task SetUpAsync(params string[] arguments)
    {
        using Process process = Process.Start("ip", arguments);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)}: failed with exit code {process.ExitCode}");
        }
    }

    /// <summary>Architecture 16 of RFC 5970's registry: x64 UEFI by HTTP, which only takes an answer that names its own class.</summary>
    private static string[] Boot(string location) =>
    [
        "--dhcp-match=set:http,option:client-arch,16",
        "--dhcp-option-force=tag:http,option:vendor-class,HTTPClient",
        "--dhcp-boot=tag:http," + location,
    ];

    /// <summary>Starts dnsmasq, and returns when it can be asked.</summary>
    private static async Task<Process> StartDhcpAsync(string tap, string? boot)
    {
        // Only root may be root's and group's in this namespace; as for debugging, dnsmasq stays who it is.
        Process process = Process.Start(new ProcessStartInfo(
            "dnsmasq",
            [
                "--no-daemon", "--conf-file=/dev/null", "--leasefile-ro", "--no-hosts", "--no-resolv", "--port=0",
                "--interface=" + tap, "--bind-interfaces", "--dhcp-range=192.0.2.10,192.0.2.20",
                .. boot is null ? [] : Boot(boot),
            ])
        {
            RedirectStandardError = true,
        })!;
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            if (line.Contains("sockets bound", StringComparison.Ordinal))
            {
                _ = process.StandardError.ReadToEndAsync();
                return process;
            }
        }

        throw new InvalidOperationException("dnsmasq: ended before it could be asked");
    }
}
