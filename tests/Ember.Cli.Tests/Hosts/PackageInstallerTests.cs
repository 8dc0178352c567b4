using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests.Hosts;

public sealed class PackageInstallerTests
{
    private const string PassOn = "exec /usr/bin/env \"$@\"";

    [Fact]
    public async Task Without_leave_to_install_it_names_each_package_and_the_command()
    {
        using TemporaryFolder folder = new();
        EmberException e = await Assert.ThrowsAsync<EmberException>(
            () => new PackageInstaller(folder.Host, _ => { }).EnsureAsync(HostPurpose.Build | HostPurpose.Run, install: false));
        Assert.Equal(3, e.ExitCode);
        Assert.Equal(
            "this host lacks lld (links the core), qemu-system-x86 (emulates the server), ovmf (the server's UEFI firmware); "
            + "install with: sudo apt-get install lld qemu-system-x86 ovmf",
            e.Message);
    }

    [Fact]
    public async Task Nothing_is_said_or_run_when_nothing_is_missing()
    {
        using TemporaryFolder folder = new();
        folder.WriteProgram("lld-link", "");
        List<string> said = [];
        await new PackageInstaller(folder.Host, said.Add).EnsureAsync(HostPurpose.Build, install: true);
        Assert.Empty(said);
    }

    [Fact]
    public async Task Package_lists_are_refreshed_only_when_installing_fails()
    {
        using TemporaryFolder folder = new();
        AddHostPrograms(folder, $"""
            echo "$@" >> {folder.Combine("log")}
            case "$*" in
              *update*) touch {folder.Combine("lists")} ;;
              *) test -f {folder.Combine("lists")} && cp /bin/true {folder.Combine("bin/lld-link")} ;;
            esac
            """);
        List<string> said = [];
        await new PackageInstaller(folder.Host, said.Add).EnsureAsync(HostPurpose.Build, install: true);

        string[] calls = await File.ReadAllLinesAsync(folder.Combine("log"));
        Assert.Collection(
            calls,
            call => Assert.EndsWith("install -y --no-install-recommends lld", call),
            call => Assert.EndsWith("update", call),
            call => Assert.EndsWith("install -y --no-install-recommends lld", call));
        Assert.Equal("this host lacks lld (links the core): installing", said[0]);
    }

    [Fact]
    public async Task What_apt_says_is_passed_on_and_one_call_is_enough_when_it_works()
    {
        using TemporaryFolder folder = new();
        AddHostPrograms(folder, $"echo Setting up lld; cp /bin/true {folder.Combine("bin/lld-link")}");
        List<string> said = [];
        await new PackageInstaller(folder.Host, said.Add).EnsureAsync(HostPurpose.Build, install: true);
        Assert.Equal(["this host lacks lld (links the core): installing", "Setting up lld"], said);
    }

    [Fact]
    public async Task An_installation_that_brings_nothing_is_a_failure_of_the_host()
    {
        using TemporaryFolder folder = new();
        AddHostPrograms(folder, "exit 100");
        EmberException e = await Assert.ThrowsAsync<EmberException>(
            () => new PackageInstaller(folder.Host, _ => { }).EnsureAsync(HostPurpose.Build, install: true));
        Assert.Equal(3, e.ExitCode);
        Assert.Equal(
            "this host still lacks lld ('lld-link' not found); see what apt-get said above, or install by hand", e.Message);
    }

    [Fact]
    public async Task A_host_without_apt_is_told_so()
    {
        using TemporaryFolder folder = new();
        EmberException e = await Assert.ThrowsAsync<EmberException>(
            () => new PackageInstaller(folder.Host, _ => { }).EnsureAsync(HostPurpose.Build, install: true));
        Assert.Equal("this host has no apt-get; install the named packages the way this system does it", e.Message);
    }

    private static void AddHostPrograms(TemporaryFolder folder, string apt)
    {
        folder.WriteProgram("apt-get", apt);
        folder.WriteProgram("env", PassOn);
        folder.WriteProgram("sudo", "exec \"$@\"");
    }
}
