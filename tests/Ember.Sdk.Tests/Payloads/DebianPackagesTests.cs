using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Tests.Payloads;

public sealed class DebianPackagesTests : IDisposable
{
    private static readonly byte[] _content = [.. "the kernel"u8];

    private readonly FakeDebian _debian = new();

    public DebianPackagesTests()
    {
        _debian.Offer("linux-image-1", "kmod, linux-base (>= 4.3)", new() { ["boot/vmlinuz-1"] = _content, ["boot/config-1"] = [1] });
        _debian.OfferIndex("linux-image-newest", "linux-image-1 (= 1.0-1)", "");
    }

    public void Dispose() => _debian.Dispose();

    [Fact]
    public async Task A_file_arrives_as_it_was_packed()
    {
        DebianPackage package = await _debian.Packages().FetchAsync("linux-image-1");
        string file = await _debian.Packages().ExtractAsync(package, "boot/vmlinuz-");

        Assert.Equal(("linux-image-1", "1.0-1"), (package.Name, package.Version));
        Assert.Equal(FakeDebian.Digest(package.File), package.Sha256);
        Assert.Equal("vmlinuz-1", Path.GetFileName(file));
        Assert.Equal(_content, File.ReadAllBytes(file));
        Assert.Equal(["download linux-image-1=1.0-1"], _debian.Downloads);
    }

    [Fact]
    public async Task A_package_that_names_the_newest_kernel_stands_for_it()
    {
        DebianPackage package = await _debian.Packages().FetchAsync("linux-image-newest");

        Assert.Equal("linux-image-1", package.Name);
        Assert.Equal(["download linux-image-1=1.0-1"], _debian.Downloads);
    }

    [Fact]
    public async Task The_second_time_nobody_is_asked()
    {
        string first = await FetchFileAsync();
        foreach (string program in (string[])["apt-get", "apt-cache", "dpkg-deb"])
        {
            _debian.Remove(program);
        }

        Assert.Equal(first, await FetchFileAsync());
    }

    [Fact]
    public async Task A_package_damaged_in_the_cache_is_fetched_again()
    {
        DebianPackage package = await _debian.Packages().FetchAsync("linux-image-newest");
        Flip(package.File);

        DebianPackage again = await _debian.Packages().FetchAsync("linux-image-newest");

        Assert.Equal(package, again);
        Assert.Equal(package.Sha256, FakeDebian.Digest(again.File));
        Assert.Equal(2, _debian.Downloads.Length);
    }

    [Fact]
    public async Task A_file_damaged_in_the_cache_is_unpacked_again_without_a_download()
    {
        string file = await FetchFileAsync();
        Flip(file);

        Assert.Equal(_content, File.ReadAllBytes(await FetchFileAsync()));
        Assert.Single(_debian.Downloads);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Package: x\nFilename: ../../etc/passwd\nSHA256: 0\n")]
    [InlineData("Filename: \nSHA256: \n")]
    [InlineData("\0\u00FF\n:::\n")]
    public async Task A_note_of_the_cache_that_makes_no_sense_is_not_believed(string note)
    {
        string file = await FetchFileAsync();
        foreach (string path in Directory.GetFiles(_debian.Cache, "*", SearchOption.AllDirectories))
        {
            if (Path.GetExtension(path) is ".package" or ".file")
            {
                File.WriteAllText(path, note);
            }
        }

        Assert.Equal(file, await FetchFileAsync());
        Assert.Equal(2, _debian.Downloads.Length);
    }

    [Fact]
    public async Task What_arrives_with_another_checksum_than_the_index_has_is_not_kept()
    {
        _debian.Offer("wrong", "", new() { ["a"] = [1] }, new string('0', 64));

        EmberException e = await RefuseAsync(() => _debian.Packages().FetchAsync("wrong"));

        Assert.StartsWith("package 'wrong' arrived damaged: its SHA-256 is ", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_debian.Cache));
    }

    [Fact]
    public async Task A_truncated_package_is_damaged_and_leaves_no_file()
    {
        Dictionary<string, byte[]> files = new() { ["boot/vmlinuz-2"] = new byte[100_000] };
        new Random(1).NextBytes(files["boot/vmlinuz-2"]);
        _debian.Offer("cut", "", files, "");
        _debian.Truncate("cut", 60_000);
        DebianPackage package = await _debian.Packages().FetchAsync("cut");

        EmberException e = await RefuseAsync(() => _debian.Packages().ExtractAsync(package, "boot/vmlinuz-"));

        Assert.StartsWith($"{package.File}: damaged or truncated: ", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(Path.ChangeExtension(package.File, null)));
    }

    [Fact]
    public async Task No_such_file_and_two_of_them_are_told()
    {
        _debian.Offer("two", "", new() { ["boot/vmlinuz-1"] = [1], ["boot/vmlinuz-2"] = [2] });
        DebianPackage package = await _debian.Packages().FetchAsync("two");

        EmberException none = await RefuseAsync(() => _debian.Packages().ExtractAsync(package, "bin/busybox"));
        EmberException two = await RefuseAsync(() => _debian.Packages().ExtractAsync(package, "boot/vmlinuz-"));

        Assert.Equal($"{package.File}: no file bin/busybox*; name another package", none.Message);
        Assert.Equal($"{package.File}: more than one file boot/vmlinuz-*; name another package", two.Message);
    }

    [Fact]
    public async Task An_unknown_package_and_a_dead_network_give_apts_reason()
    {
        _debian.OfferIndex("gone", "", "");

        EmberException unknown = await RefuseAsync(() => _debian.Packages().FetchAsync("linux-imaeg"));
        EmberException gone = await RefuseAsync(() => _debian.Packages().FetchAsync("gone"));

        Assert.Equal(
            "apt knows no package 'linux-imaeg': No packages found; check the name, or run 'apt-get update'", unknown.Message);
        Assert.Equal(
            "package 'gone' 1.0-1 cannot be fetched: Failed to fetch: no route; check the network, or run 'apt-get update'", gone.Message);
        Assert.Empty(Directory.GetFileSystemEntries(_debian.Cache));
    }

    [Theory]
    [InlineData("apt-cache", "'apt-cache' not found; install the Debian package 'apt'")]
    [InlineData("apt-get", "'apt-get' not found; install the Debian package 'apt'")]
    [InlineData("dpkg-deb", "'dpkg-deb' not found; install the Debian package 'dpkg'")]
    public async Task A_host_without_apt_or_dpkg_is_told_what_to_install(string program, string expected)
    {
        _debian.Remove(program);

        EmberException e = await RefuseAsync(FetchFileAsync);

        Assert.Equal(expected, e.Message);
    }

    [Fact]
    public async Task Apt_that_never_ends_is_stopped()
    {
        _debian.WriteProgram("apt-cache", "exec sleep 600");
        DebianPackages packages = new(_debian.Cache, _debian.Host) { Timeout = TimeSpan.FromMilliseconds(50) };

        EmberException e = await RefuseAsync(() => packages.FetchAsync("linux-image-1"));

        Assert.StartsWith("'apt-cache' was not done after ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_made_is_told()
    {
        File.WriteAllText(_debian.Cache, "a file is in the way");

        EmberException e = await RefuseAsync(FetchFileAsync);

        Assert.StartsWith($"{_debian.Cache}: cannot be written: ", e.Message, StringComparison.Ordinal);
    }

    private async Task<string> FetchFileAsync()
    {
        DebianPackages packages = _debian.Packages();
        return await packages.ExtractAsync(await packages.FetchAsync("linux-image-newest"), "boot/vmlinuz-");
    }

    private static async Task<EmberException> RefuseAsync<T>(Func<Task<T>> action)
    {
        EmberException e = await Assert.ThrowsAsync<EmberException>(action);
        Assert.Equal(ErrorKind.Host, e.Kind);
        return e;
    }

    private static void Flip(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
