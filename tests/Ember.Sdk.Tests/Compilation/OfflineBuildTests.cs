using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Ember.Sdk.Compilation;

namespace Ember.Sdk.Tests.Compilation;

/// <summary>Builds whose keys are elsewhere, signed by OpenSSL.</summary>
public sealed class OfflineBuildTests : IDisposable
{
    private const string TwoKeys = SignedAppliance.Pem + "[signing.secure_boot]\nkey = \"firmware.key\"\ncertificate = \"firmware.pem\"\n";

    private static readonly string[] _firstRound = ["loader.efi", "core.efi"];

    private readonly SignedAppliance _appliance = new();

    public void Dispose() => _appliance.Dispose();

    [Theory]
    [InlineData(SignedAppliance.Pem, "vendor.key")]
    [InlineData(TwoKeys, "firmware.key")]
    public async Task What_is_signed_elsewhere_is_to_the_byte_what_a_key_at_hand_gives(string signing, string secureBootKey)
    {
        _appliance.Sign(signing);
        IReadOnlyDictionary<string, byte[]> expected = await _appliance.BuildAsync("at-hand");
        Assert.Superset(
            new HashSet<string> { "usb-key.img", "usb-key.qcow2", "usb-key.bundle", "network.efi", "build.json" },
            expected.Keys.ToHashSet());

        Assert.Equal(_firstRound, Pending(await _appliance.StartAsync()));
        Assert.Equal([_appliance.ToSign], Directory.GetFileSystemEntries(_appliance.Output("offline")));
        _appliance.SignWithOpenSsl(secureBootKey, _firstRound);
        Assert.Equal(["bank.manifest"], Pending(await _appliance.AttachAsync()));
        _appliance.SignWithOpenSsl("vendor.key", "bank.manifest");
        Assert.Equal(["network.efi"], Pending(await _appliance.AttachAsync()));
        _appliance.SignWithOpenSsl(secureBootKey, "network.efi");
        OfflineResult last = await _appliance.AttachAsync();

        Assert.Null(last.Waiting);
        Assert.NotNull(last.Built);
        IReadOnlyDictionary<string, byte[]> files = SignedAppliance.Files(_appliance.Output("offline"));
        Assert.Equal(expected.Keys.Order(), files.Keys.Order());
        Assert.All(expected, file => Assert.True(file.Value.AsSpan().SequenceEqual(files[file.Key]), file.Key));
    }

    [Theory]
    [InlineData(SignedAppliance.Pem)]
    [InlineData("[signing]\ncertificate = \"vendor.pem\"\n")]
    public async Task No_private_key_is_needed_until_there_are_signatures(string signing)
    {
        _appliance.Sign(signing);
        File.Delete(Path.Combine(_appliance.Source, "vendor.key"));

        Assert.Equal(_firstRound, Pending(await _appliance.StartAsync()));

        EmberException e = await Assert.ThrowsAsync<EmberException>(() => _appliance.BuildAsync("at-hand"));
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.EndsWith("build with --unsigned" + (signing == SignedAppliance.Pem ? " where it is elsewhere" : ""), e.Message);
    }

    [Theory]
    [InlineData("missing", "core.efi.signature: not there; sign ")]
    [InlineData("cut off", "core.efi.signature: has 383 bytes, and a signature by this key has 384: cut off, ")]
    [InlineData("of a longer key", "core.efi.signature: has 512 bytes, and a signature by this key has 384: ")]
    [InlineData("swapped", "core.efi.signature: is the signature of loader.efi.request, not of core.efi.request; ")]
    [InlineData("changed", "core.efi.signature: is not a signature of core.efi.request by the key of 'CN=vendor'; ")]
    public async Task A_signature_that_is_not_the_right_one_is_refused_and_nothing_is_written(string defect, string expected)
    {
        await _appliance.StartAsync();
        _appliance.SignWithOpenSsl("vendor.key", _firstRound);
        string path = Path.Combine(_appliance.ToSign, "core.efi.signature");
        byte[] signature = File.ReadAllBytes(path);
        File.Delete(path);
        switch (defect)
        {
            case "cut off":
                File.WriteAllBytes(path, signature[..^1]);
                break;
            case "of a longer key":
                File.WriteAllBytes(path, new byte[512]);
                break;
            case "swapped":
                File.Copy(Path.Combine(_appliance.ToSign, "loader.efi.signature"), path);
                break;
            case "changed":
                signature[100] ^= 1;
                File.WriteAllBytes(path, signature);
                break;
        }

        await RefusedAsync(expected);
    }

    [Fact]
    public async Task A_signature_by_another_key_of_the_same_length_is_refused()
    {
        await _appliance.StartAsync();
        _appliance.SignWithOpenSsl("vendor.key", _firstRound);
        using (RSA other = RSA.Create(3072))
        {
            File.WriteAllText(Path.Combine(_appliance.Source, "other.key"), other.ExportPkcs8PrivateKeyPem());
        }

        _appliance.SignWithOpenSsl("other.key", "loader.efi");
        await RefusedAsync("loader.efi.signature: is not a signature of loader.efi.request by the key of 'CN=vendor'; ");
    }

    [Fact]
    public async Task Signatures_of_another_folder_are_taken_and_kept()
    {
        await _appliance.StartAsync();
        _appliance.SignWithOpenSsl("vendor.key", _firstRound);
        string elsewhere = Directory.CreateDirectory(_appliance.Output("returned")).FullName;
        foreach (string name in _firstRound)
        {
            string file = $"{name}.signature";
            File.Move(Path.Combine(_appliance.ToSign, file), Path.Combine(elsewhere, file));
        }

        Assert.Equal(["bank.manifest"], Pending(await _appliance.AttachAsync(elsewhere)));
        Directory.Delete(elsewhere, recursive: true);
        _appliance.SignWithOpenSsl("vendor.key", "bank.manifest");
        Assert.Equal(["network.efi"], Pending(await _appliance.AttachAsync()));
    }

    [Fact]
    public async Task A_build_that_has_changed_since_is_refused()
    {
        await _appliance.StartAsync();
        _appliance.SignWithOpenSsl("vendor.key", _firstRound);
        await _appliance.AttachAsync();
        _appliance.SignWithOpenSsl("vendor.key", "bank.manifest");
        string manifest = Path.Combine(_appliance.Source, ApplianceBuild.ManifestFile);
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("version = \"1\"", "version = \"2\"", StringComparison.Ordinal));

        await RefusedAsync("bank.manifest: what is built now is not what was written to be signed: ");
    }

    [Fact]
    public async Task A_certificate_that_has_changed_since_is_refused()
    {
        await _appliance.StartAsync();
        _appliance.SignWithOpenSsl("vendor.key", _firstRound);
        _appliance.Sign(TwoKeys);

        await RefusedAsync("firmware.pem: is not the certificate that loader.efi.request was written for, of 'CN=vendor', key ");
    }

    [Theory]
    [InlineData("", "requests.json: damaged or cut off: ")]
    [InlineData("{}", "requests.json: schema is missing")]
    [InlineData(
        "{ \"schema\": \"ember-signing\", \"format\": 1, \"requests\": [] }",
        "requests.json: requests are not the first of loader.efi, core.efi, bank.manifest, network.efi")]
    public async Task A_damaged_list_is_refused(string list, string expected)
    {
        Directory.CreateDirectory(_appliance.ToSign);
        File.WriteAllText(Path.Combine(_appliance.ToSign, "requests.json"), list);

        await RefusedAsync(expected);
    }

    [Fact]
    public async Task Where_nothing_waits_there_is_nothing_to_attach_to() =>
        await RefusedAsync("requests.json: not there: nothing waits for a signature; run 'ember build --unsigned' first");

    private static IEnumerable<string> Pending(OfflineResult result) => result.Waiting!.List.Pending.Select(request => request.Name);

    /// <summary>Attaching fails with a message, and the output folder is as it was.</summary>
    private async Task RefusedAsync(string expected)
    {
        string folder = Directory.CreateDirectory(_appliance.Output("offline")).FullName;
        IReadOnlyDictionary<string, byte[]> before = SignedAppliance.Files(folder);
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => _appliance.AttachAsync());
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.Contains(expected, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
        Assert.Equal(before, SignedAppliance.Files(folder));
    }
}
