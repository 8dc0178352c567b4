using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Manifests;
using Ember.Sdk.Signing;
using Ember.Sdk.Signing.Offline;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Signing;

namespace Ember.Sdk.Tests.Compilation;

/// <summary>A small appliance that is built with keys of the test's own, at hand or elsewhere.</summary>
internal sealed class SignedAppliance : IDisposable
{
    public const string Pem = "[signing]\nkey = \"vendor.key\"\ncertificate = \"vendor.pem\"\n";

    public const string Password = "open sesame";

    private const string Formats = "img,qcow2";

    private static readonly Repository _repository = new(ReferenceBuild.Repository);
    private static readonly Lazy<Task<CompiledFiles>> _compiled = new(() => SourceBuild.RunAsync(_repository, HostSystem.Current));

    private readonly TemporaryFolder _folder = new();

    public SignedAppliance(string signing = Pem)
    {
        GuestAppliance.Write(Source, TalkingGuest.Build("signed"));
        WriteKey("vendor", 3072);
        WriteKey("firmware", 2048);
        Sign(signing);
    }

    public string Source => _folder["source"];

    public string ToSign => Path.Combine(Output("offline"), SigningFolder.FolderName);

    public string Output(string name) => _folder[name];

    public void Dispose() => _folder.Dispose();

    /// <summary>Names other keys.</summary>
    public void Sign(string signing)
    {
        string path = Path.Combine(Source, ApplianceBuild.ManifestFile);
        string rest = File.ReadAllText(path).Split("\n[signing]")[0];
        File.WriteAllText(path, $"{rest}\n{signing}");
    }

    /// <summary>Builds with the keys that the manifest names.</summary>
    /// <returns>Every file of the output folder, by its path.</returns>
    public async Task<IReadOnlyDictionary<string, byte[]>> BuildAsync(string name, Func<string, string?>? secret = null)
    {
        ManifestSigning? signing = ApplianceBuild.ReadManifest(Source).Signing;
        using ISigningKey key = SigningKeys.OpenBankKey(signing, secret ?? (_ => null), KeyMaker.Start);
        using ISigningKey? secureBoot = SigningKeys.OpenSecureBootKey(signing, secret ?? (_ => null), KeyMaker.Start);
        return await BuildAsync(name, key, secureBoot);
    }

    /// <summary>Builds with the key from PEM, whatever the manifest names.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> BuildFromPemAsync(string name)
    {
        using ISigningKey key = RsaSigningKey.OpenPem(Path.Combine(Source, "vendor.key"), Path.Combine(Source, "vendor.pem"));
        return await BuildAsync(name, key, null);
    }

    /// <summary>Begins a build whose keys are elsewhere.</summary>
    public Task<OfflineResult> StartAsync() =>
        BuildOfflineAsync(build => build.StartAsync(new SigningList(null, Formats, 0, []), Source, Output("offline")));

    /// <summary>Goes on with it.</summary>
    public Task<OfflineResult> AttachAsync(string? folder = null) =>
        BuildOfflineAsync(build => build.AttachAsync(folder ?? ToSign, Source, Output("offline")));

    /// <summary>Signs what waits with OpenSSL, which knows nothing of Ember.</summary>
    /// <param name="key">The key's file.</param>
    /// <param name="names">What to sign.</param>
    public void SignWithOpenSsl(string key, params IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            (string text, int exitCode) = HostTool.Run(
                "openssl", "openssl", "dgst", "-sha256", "-sign", Path.Combine(Source, key),
                "-out", Path.Combine(ToSign, $"{name}.signature"), Path.Combine(ToSign, $"{name}.request"));
            Assert.True(exitCode == 0, text);
        }
    }

    public static IReadOnlyDictionary<string, byte[]> Files(string folder) => Directory
        .GetFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => Path.GetRelativePath(folder, path), File.ReadAllBytes);

    private async Task<IReadOnlyDictionary<string, byte[]>> BuildAsync(string name, ISigningKey key, ISigningKey? secureBoot)
    {
        await Prepare(await _compiled.Value, key, secureBoot).RunAsync(Source, Output(name));
        return Files(Output(name));
    }

    private void WriteKey(string name, int bits)
    {
        using RSA key = KeyMaker.Rsa(bits);
        using X509Certificate2 certificate = KeyMaker.Certificate(key, $"CN={name}");
        File.WriteAllText(Path.Combine(Source, $"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(Source, $"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllBytes(Path.Combine(Source, $"{name}.p12"), certificate.Export(X509ContentType.Pkcs12, Password));
    }

    private async Task<OfflineResult> BuildOfflineAsync(Func<OfflineBuild, Task<OfflineResult>> round)
    {
        CompiledFiles compiled = await _compiled.Value;
        using OfflineKeys keys = OfflineKeys.Open(ApplianceBuild.ReadManifest(Source).Signing, KeyMaker.Start);
        return await round(new OfflineBuild(keys, _ => Prepare(compiled, keys.Bank, keys.SecureBoot)));
    }

    private static ApplianceBuild Prepare(CompiledFiles compiled, ISigningKey key, ISigningKey? secureBoot) =>
        new(_repository, HostSystem.Current, TimeProvider.System)
        {
            Compiled = compiled,
            Formats = ImageFormat.ParseList(Formats),
            BankKey = key,
            SecureBootKey = secureBoot,
        };
}
