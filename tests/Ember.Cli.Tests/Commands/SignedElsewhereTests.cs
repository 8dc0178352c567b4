using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace Ember.Cli.Tests.Commands;

/// <summary>The whole way from <c>ember build --unsigned</c> to an image, with OpenSSL as the one who has the key.</summary>
[Trait("Category", "Slow")]
public sealed class SignedElsewhereTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Three_rounds_of_signing_give_what_one_build_with_the_key_gives()
    {
        using KeyOfVendor key = new();
        await CliRun.InAsync(_folder.Path, arguments: ["new", "edge"]);
        key.Write(_folder.Combine("edge"));
        await File.AppendAllTextAsync(
            _folder.Combine("edge/appliance.toml"),
            """

            [signing]
            key = "vendor.key"
            certificate = "vendor.pem"
            [variants.small.image]
            label = "SMALL"

            """);
        string[] how = ["build", "edge", "--variant", "small", "--format", "img,vhd", "--release"];
        Assert.Equal(0, (await RunAsync([.. how, "--output", "one"])).ExitCode);
        File.Move(_folder.Combine("edge/vendor.key"), _folder.Combine("vendor.key"));

        CliRun run = await RunAsync([.. how, "--output", "two", "--unsigned"]);
        for (int round = 1; round <= 3; round++)
        {
            Assert.Equal(0, run.ExitCode);
            Assert.Contains($"to-sign: round {round} of 3 waits for signatures\n", run.Output);
            Sign();
            run = await RunAsync("sign", "edge", "--output", "two", "--attach", "two/to-sign");
        }

        Assert.Equal(0, run.ExitCode);
        string[] names = [.. Directory.GetFiles(_folder.Combine("one"), "*", SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(_folder.Combine("one"), path))];
        Assert.Contains("usb-key.vhd", names);
        Assert.Equal(names.Length, Directory.GetFiles(_folder.Combine("two"), "*", SearchOption.AllDirectories).Length);
        foreach (string name in names)
        {
            Assert.True(File.ReadAllBytes(_folder.Combine($"one/{name}")).AsSpan()
                .SequenceEqual(File.ReadAllBytes(_folder.Combine($"two/{name}"))), name);
        }
    }

    private void Sign()
    {
        foreach (string request in Directory.GetFiles(_folder.Combine("two/to-sign"), "*.request"))
        {
            using Process openSsl = Process.Start(
                "openssl",
                ["dgst", "-sha256", "-sign", _folder.Combine("vendor.key"), "-out", Path.ChangeExtension(request, ".signature"), request]);
            openSsl.WaitForExit();
            Assert.Equal(0, openSsl.ExitCode);
        }
    }

    private Task<CliRun> RunAsync(params string[] arguments) =>
        CliRun.InAsync(_folder.Path, repository: AppContext.BaseDirectory, arguments: arguments);
}
