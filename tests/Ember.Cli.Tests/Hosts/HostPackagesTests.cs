using System.Linq;
using Ember.Sdk.Hosts;

namespace Ember.Cli.Tests.Hosts;

public sealed class HostPackagesTests
{
    [Fact]
    public void An_empty_host_lacks_what_its_purpose_needs_and_nothing_else()
    {
        using TemporaryFolder folder = new();
        Assert.Equal(["lld"], HostPackages.Missing(folder.Host, HostPurpose.Build).Select(package => package.Name));
        Assert.Equal(
            ["qemu-system-x86", "ovmf"],
            HostPackages.Missing(folder.Host, HostPurpose.Run).Select(package => package.Name));
        Assert.Equal(
            ["ovmf", "bochs", "bochs-term", "vgabios"],
            HostPackages.Missing(folder.Host, HostPurpose.RunBochs).Select(package => package.Name));
        Assert.Empty(HostPackages.Missing(folder.Host, HostPurpose.None));
    }

    [Fact]
    public void Programs_count_from_any_folder_of_the_path_and_files_below_the_root()
    {
        using TemporaryFolder folder = new();
        folder.WriteProgram("qemu-system-x86_64", "");
        folder.Write("usr/share/OVMF/OVMF_CODE_4M.fd", "");
        Assert.Empty(HostPackages.Missing(folder.Host, HostPurpose.Run));
    }

    [Fact]
    public void A_file_that_cannot_be_executed_is_no_program()
    {
        using TemporaryFolder folder = new();
        folder.Write("bin/lld-link", "");
        Assert.Equal(["lld"], HostPackages.Missing(folder.Host, HostPurpose.Build).Select(package => package.Name));
    }

    [Fact]
    public void The_search_path_of_this_host_reaches_the_administrators_programs()
    {
        Assert.Contains("/usr/sbin", HostSystem.Current.SearchPath);
    }
}
