using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;

namespace Ember.Boot.Tests;

/// <summary>
/// The same sources give the same output to the bit: in another folder, as another user on a host of another name, in another time zone
/// and language, with one processor, on another day.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ReproducibilityTests : IDisposable
{
    // Whatever a folder may be called that a compiler's options or a shell could stumble over.
    private const string Elsewhere = "another checkout, its name = odd";

    private const string FakeTime = "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1";

    private static readonly string _command = Path.Combine("artifacts", "bin", "Ember.Cli", "release");

    private static readonly string[] _copied =
        ["src", "images", Path.Combine("tools", "Ember.Stubs"), _command];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-reproducibility-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Everything_is_the_same_to_the_bit_elsewhere()
    {
        Repository here = Repository.Containing(AppContext.BaseDirectory);
        Repository there = new(Path.Combine(_folder.FullName, Elsewhere));
        string first = Path.Combine(_folder.FullName, "first");
        await new ApplianceBuild(here, HostSystem.Current, TimeProvider.System) { Formats = ImageFormat.All }
            .RunAsync(Path.Combine(here.Root, "images", "usb-key"), first);
        CopyTo(here, there);

        // The clock is changed for the ember command alone: a compiler that asks for the time at every turn would take minutes.
        Assert.Equal("54321\nelsewhere\n1\n", await RunAsync(there, [], "sh", "-c", "id -u; hostname; nproc"));
        await RunAsync(there, [], "dotnet", "build", there.ApplianceSources, "--configuration", "Release", "--nologo", "--tl:off");
        string[] anotherDay =
            ["FAKETIME=@2031-02-03 04:05:06", "FAKETIME_DONT_FAKE_MONOTONIC=1", "NO_FAKE_STAT=1", $"LD_PRELOAD={FakeTime}"];
        Assert.Equal("2031+1400\n", await RunAsync(there, anotherDay, "date", "+%Y%z"));
        string second = Path.Combine(_folder.FullName, "second");
        await RunAsync(
            there, anotherDay, "dotnet", Path.Combine(there.Root, _command, "ember.dll"), "build",
            Path.Combine(there.Root, "images", "usb-key"), "--output", second, "--no-install",
            "--format", string.Join(',', ImageFormat.All.Select(format => format.Name)));

        string[] files = Files(first);
        Assert.Contains("usb-key.img.zst", files);
        Assert.Equal(files, Files(second));
        foreach (string file in files)
        {
            Assert.True(Same(Path.Combine(first, file), Path.Combine(second, file)), $"{file} differs");
        }
    }

    private static bool Same(string one, string other) => File.ReadAllBytes(one).AsSpan().SequenceEqual(File.ReadAllBytes(other));

    private static string[] Files(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Runs a program in another checkout with everything else another, too.</summary>
    /// <returns>What it said.</returns>
    private async Task<string> RunAsync(Repository there, string[] variables, params string[] command)
    {
        string home = Directory.CreateDirectory(Path.Combine(_folder.FullName, "home")).FullName;
        string packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        List<string> arguments =
        [
            "--user", "--map-root-user", "--uts", "sh", "-c", "hostname elsewhere && exec \"$@\"", "sh",
            "unshare", "--user", "--map-user=54321", "taskset", "--cpu-list", "0", "env", "--ignore-environment",
            $"PATH={Environment.GetEnvironmentVariable("PATH")}", $"HOME={home}", "USER=somebody", $"NUGET_PACKAGES={packages}",
            "TZ=Pacific/Kiritimati", "LC_ALL=tr_TR.UTF-8", "DOTNET_PROCESSOR_COUNT=1",

            // A compiler that somebody else's build started and left would answer with that one's environment.
            "MSBUILDDISABLENODEREUSE=1", "UseSharedCompilation=false",
            .. variables,
            .. command,
        ];
        HostCommandResult result =
            await new HostCommand("unshare", arguments) { WorkingDirectory = there.Root }.RunAsync(HostSystem.Current);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        return result.Output;
    }

    private static void CopyTo(Repository here, Repository there)
    {
        foreach (string folder in _copied.Append(Path.GetRelativePath(here.Root, here.DebianCache)))
        {
            Copy(Path.Combine(here.Root, folder), Path.Combine(there.Root, folder), SearchOption.AllDirectories);
        }

        Copy(Path.Combine(here.Root, "tools"), Path.Combine(there.Root, "tools"), SearchOption.TopDirectoryOnly);
        Copy(here.Root, there.Root, SearchOption.TopDirectoryOnly);
    }

    private static void Copy(string from, string to, SearchOption depth)
    {
        foreach (string file in Directory.GetFiles(from, "*", depth))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
