using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Ember.Formats.Signatures;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Signing;

public sealed class VendorKeyTests : IDisposable
{
    private static readonly byte[] _manifest = [1, 2, 3];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(3072)]
    [InlineData(3136)]
    [InlineData(4096)]
    public void The_loader_takes_a_bank_that_the_SDK_signed(int bits)
    {
        using ISigningKey key = KeyMaker.Open(_folder, bits);

        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(VendorKey.Write(key.Certificate), out RsaPublicKey read));
        Assert.Equal(key.Certificate.KeyId, Convert.ToHexStringLower(read.KeyId));
        Assert.Equal(RsaKeyFlags.None, read.Flags);
        Assert.Equal(
            SignatureStatus.Good, BankSignature.TryRead(VendorKey.SignBank(key, "bank.manifest", _manifest), out BankSignature signature));
        Assert.Equal(SignatureStatus.Good, signature.Verify(in read, SHA256.HashData(_manifest)));
    }

    [Fact]
    public void A_test_key_is_marked_in_its_certificate_and_in_the_loader()
    {
        using RSA fresh = KeyMaker.Rsa(3072);
        TestKeyPair pair = TestKeyPair.Create(fresh, KeyMaker.Start);
        string path = KeyMaker.Write(_folder, "test.pem", pair.PrivateKeyPem, pair.CertificatePem);
        using RsaSigningKey key = RsaSigningKey.OpenPem(path, path);

        Assert.True(key.Certificate.IsTestKey);
        Assert.Empty(key.Certificate.Problems(SigningPurpose.Bank, KeyMaker.Start.AddYears(9)));
        Assert.Empty(key.Certificate.Problems(SigningPurpose.Authenticode, KeyMaker.Start));
        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(VendorKey.Write(key.Certificate), out RsaPublicKey read));
        Assert.Equal(RsaKeyFlags.Test, read.Flags);
        Assert.Equal(pair.CertificatePem, TestKeyPair.Create(fresh, KeyMaker.Start).CertificatePem);
        (string text, int exitCode) = HostTool.Run("openssl", "openssl", "x509", "-in", path, "-noout", "-text");
        Assert.Equal(0, exitCode);
        Assert.Contains("Ember test key", text);
        Assert.Contains("Code Signing", text);
    }

    [Fact]
    public void A_key_that_is_not_at_hand_collects_what_to_sign_and_later_gives_what_the_key_gives()
    {
        using ISigningKey key = KeyMaker.Open(_folder);
        byte[] expected = VendorKey.SignBank(key, "bank.manifest", _manifest);
        string certificate = _folder["both-3072.pem"];

        using DeferredSigningKey first = new(SigningCertificate.Read(certificate), new Dictionary<string, byte[]>());
        Assert.Equal(expected.Length, VendorKey.SignBank(first, "bank.manifest", _manifest).Length);
        SigningRequest missing = Assert.Single(first.Missing);
        Assert.Equal(("bank.manifest", _manifest), (missing.Name, missing.Content));

        Dictionary<string, byte[]> signatures = new() { [missing.Name] = key.Sign(missing) };
        using DeferredSigningKey second = new(SigningCertificate.Read(certificate), signatures);
        Assert.Equal(expected, VendorKey.SignBank(second, "bank.manifest", _manifest));
        Assert.Empty(second.Missing);
    }

    [Fact]
    public void A_signature_of_something_else_is_not_taken_later()
    {
        using ISigningKey key = KeyMaker.Open(_folder);
        byte[] other = key.Sign(new SigningRequest("bank.manifest", [4]));
        foreach (byte[] wrong in new[] { other, [], other[..^1], [.. other.Reverse()] })
        {
            using DeferredSigningKey deferred = new(
                SigningCertificate.Read(_folder["both-3072.pem"]), new Dictionary<string, byte[]> { ["bank.manifest"] = wrong });
            EmberException e = Assert.Throws<EmberException>(() => VendorKey.SignBank(deferred, "bank.manifest", _manifest));
            Assert.StartsWith("bank.manifest: the signature is not one of what was to be signed", e.Message);
            Assert.Equal(ErrorKind.Input, e.Kind);
        }
    }
}
