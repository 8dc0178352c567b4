using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Signing;

namespace Ember.Sdk.Tests.Compilation;

/// <summary>From the key that a manifest names to the image: where the key lies makes no difference.</summary>
[Collection(nameof(SoftToken))]
public sealed class SignedBuildTests : IDisposable
{
    private readonly SignedAppliance _appliance = new();

    public void Dispose() => _appliance.Dispose();

    [Fact]
    public async Task A_key_in_PKCS_12_gives_the_same_as_in_PEM()
    {
        _appliance.Sign("[signing]\npkcs12 = \"vendor.p12\"\n");

        AssertSame(
            await _appliance.BuildFromPemAsync("pem"), await _appliance.BuildAsync("pkcs12", _ => SignedAppliance.Password));
    }

    [Fact]
    public async Task A_key_in_a_token_gives_the_same_as_in_PEM()
    {
        using SoftToken token = new();
        token.ImportKey(File.ReadAllText(Path.Combine(_appliance.Source, "vendor.key")), "release", "B2");
        _appliance.Sign(
            $"[signing]\npkcs11 = {{ module = \"{SoftToken.Module}\", token = \"{SoftToken.Label}\", key = \"release\", "
            + "certificate = \"vendor.pem\" }\n");
        List<string> asked = [];

        IReadOnlyDictionary<string, byte[]> signed = await _appliance.BuildAsync("token", name =>
        {
            asked.Add(name);
            return SoftToken.Pin;
        });

        AssertSame(await _appliance.BuildFromPemAsync("pem"), signed);
        Assert.Equal([$"token '{SoftToken.Label}', key 'release'"], asked);
    }

    [Fact]
    public async Task Other_programs_accept_the_file_for_network_boot()
    {
        _appliance.Sign(SignedAppliance.Pem);
        await _appliance.BuildAsync("network");
        string file = Path.Combine(_appliance.Output("network"), "network.efi");
        string certificate = Path.Combine(_appliance.Source, "vendor.pem");

        (string text, int exitCode) = HostTool.Run("sbsigntool", "sbverify", "--cert", certificate, file);
        Assert.Equal(("Signature verification OK\n", 0), (text, exitCode));

        (text, exitCode) = HostTool.Run("osslsigncode", "osslsigncode", "verify", "-CAfile", certificate, "-in", file);
        Assert.True(exitCode == 0, text);
        Assert.DoesNotContain("invalid PE checksum", text);
    }

    private static void AssertSame(IReadOnlyDictionary<string, byte[]> expected, IReadOnlyDictionary<string, byte[]> files)
    {
        Assert.Contains("usb-key.img", expected.Keys);
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(files[file.Key]), file.Key));
    }
}
