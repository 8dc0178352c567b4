using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using CsCheck;
using Ember.Sdk.Pe;
using Ember.Sdk.Signing;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Signing;

namespace Ember.Sdk.Tests.Pe;

public sealed class AuthenticodeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ISigningKey _key;
    private readonly PeImage _core = PeImage.Read(ReferenceBuild.Core);

    public AuthenticodeTests() => _key = KeyMaker.Open(_folder);

    public void Dispose()
    {
        _key.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(2048)]
    [InlineData(3072)]
    [InlineData(4096)]
    public void Other_programs_accept_what_is_signed_here(int bits)
    {
        using ISigningKey key = KeyMaker.Open(_folder, bits);
        Accepted(Authenticode.Sign(_core, key), key.Certificate.Leaf);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    public void An_image_with_bytes_behind_its_sections_is_signed_with_them(int more)
    {
        byte[] longer = [.. _core.Bytes, .. Enumerable.Repeat((byte)0xA5, more)];
        byte[] signed = Authenticode.Sign(PeImage.Parse("core.efi", longer), _key);

        Accepted(signed, _key.Certificate.Leaf, "data remaining");
        signed[longer.Length - 1] ^= 1;
        Assert.NotNull(ProblemOf(signed));
    }

    [Fact]
    public void A_chain_goes_into_the_signature_and_holds_for_whoever_trusts_its_end()
    {
        using RSA authorityKey = KeyMaker.Rsa(4096);
        using X509Certificate2 authority = KeyMaker.Authority(authorityKey);
        using RSA leafKey = KeyMaker.Rsa(3072);
        using X509Certificate2 leaf = KeyMaker.Certificate(leafKey, issuer: authority);
        string path = KeyMaker.Write(
            _folder, "chain.pem", leafKey.ExportPkcs8PrivateKeyPem(), leaf.ExportCertificatePem(), authority.ExportCertificatePem());
        using RsaSigningKey key = RsaSigningKey.OpenPem(path, path);

        byte[] signed = Authenticode.Sign(_core, key);

        Accepted(signed, authority);
        AuthenticodeSignature read = AuthenticodeSignature.Read(PeImage.Parse("signed.efi", signed))!;
        Assert.Null(read.Problem(authority));
        Assert.Null(read.Problem(leaf));
        Assert.Equal(
            "signed.efi: signed by 'CN=Signer', which is not, and was not issued by, 'CN=Signer'; sign it with that key",
            read.Problem(_key.Certificate.Leaf));
    }

    [Fact]
    public void The_same_image_and_key_give_the_same_bytes()
    {
        Assert.Equal(Authenticode.Sign(_core, _key), Authenticode.Sign(PeImage.Parse("other/name.efi", [.. _core.Bytes]), _key));
    }

    [Fact]
    public void Signing_in_two_steps_with_OpenSSL_gives_what_one_step_gives()
    {
        SigningRequest request = Authenticode.RequestFor(_core);
        Assert.Equal("core.efi", request.Name);
        File.WriteAllBytes(_folder["request"], request.Content);
        (string text, int exitCode) = HostTool.Run(
            "openssl", "openssl", "dgst", "-sha256", "-sign", _folder["both-3072.pem"], "-out", _folder["signature"], _folder["request"]);
        Assert.True(exitCode == 0, text);

        Dictionary<string, byte[]> signatures = new() { ["core.efi"] = File.ReadAllBytes(_folder["signature"]) };
        using DeferredSigningKey later = new(SigningCertificate.Read(_folder["both-3072.pem"]), signatures);

        Assert.Equal(Authenticode.Sign(_core, _key), Authenticode.Sign(_core, later));
        Assert.Equal(Authenticode.Sign(_core, _key), Authenticode.Attach(_core, _key.Certificate, signatures["core.efi"]));
    }

    [Fact]
    public void A_signed_image_is_signed_again_only_when_that_is_asked_for()
    {
        using ISigningKey other = KeyMaker.Open(_folder, 4096);
        PeImage signed = PeImage.Parse("core.efi", Authenticode.Sign(_core, other));

        EmberException e = Assert.Throws<EmberException>(() => Authenticode.Sign(signed, _key));
        Assert.StartsWith("core.efi: is signed already; ", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
        Assert.Equal(Authenticode.Sign(_core, _key), Authenticode.Sign(signed, _key, replace: true));
        Assert.Equal(_core.UnsignedDigest(), signed.UnsignedDigest());
    }

    [Fact]
    public void One_changed_bit_anywhere_that_counts_is_found()
    {
        byte[] signed = Authenticode.Sign(_core, _key);
        int table = PeImage.Parse("core.efi", signed).CertificateTable.RelativeVirtualAddress;
        int checksum = BitConverter.ToInt32(signed, 0x3C) + 24 + 64;

        // The checksum is not signed; firmware does not look at it.
        Gen.Select(Gen.OneOf(Gen.Int[0, table - 1], Gen.Int[0, 1023]), Gen.Int[0, 7])
            .Where((place, _) => place < checksum || place >= checksum + 4)
            .Sample(
                (place, bit) =>
                {
                    byte[] changed = [.. signed];
                    changed[place] ^= (byte)(1 << bit);
                    return ProblemOf(changed) is not null;
                },
                iter: 2000);
    }

    [Fact]
    public void A_damaged_signature_never_makes_another_image_or_signer_good_nor_ends_in_anything_but_an_answer()
    {
        byte[] signed = Authenticode.Sign(_core, _key);
        int table = PeImage.Parse("core.efi", signed).CertificateTable.RelativeVirtualAddress;
        int refused = 0;
        Gen.Select(Gen.Int[table, signed.Length - 1], Gen.Byte[1, 255]).Sample(
            (place, change) =>
            {
                byte[] changed = [.. signed];
                changed[place] ^= change;
                if (ProblemOf(changed) is not null)
                {
                    Interlocked.Increment(ref refused);
                    return;
                }

                // A few bytes are not signed by anybody: names of algorithms, padding.
                AuthenticodeSignature signature = AuthenticodeSignature.Read(PeImage.Parse("core.efi", changed))!;
                Assert.Equal(Authenticode.Digest(_core), signature.Digest.ToArray());
                Assert.Equal(_key.Certificate.Leaf.RawData, signature.Signer.RawData);
            },
            iter: 2000);
        Assert.InRange(refused, 1800, 2000);
    }

    [Fact]
    public void A_signature_of_another_image_is_wrong()
    {
        byte[] signed = Authenticode.Sign(_core, _key);
        byte[] changed = [.. _core.Bytes];
        changed[(int)_core.Sections[0].FileOffset] ^= 1;
        PeImage other = PeImage.Parse("core.efi", changed);
        byte[] moved = [.. Authenticode.Sign(other, _key).AsSpan(0, _core.Bytes.Length), .. signed.AsSpan(_core.Bytes.Length)];

        Assert.Equal("core.efi: was changed after it was signed; take the original, or sign it again", ProblemOf(moved));
    }

    [Theory]
    [InlineData("sbsigntool")]
    [InlineData("osslsigncode")]
    public void A_signature_by_another_program_is_read(string package)
    {
        using RSA rsa = KeyMaker.Rsa(3072);
        string key = KeyMaker.Write(_folder, "key.pem", rsa.ExportPkcs8PrivateKeyPem());
        (string text, int exitCode) = package == "sbsigntool"
            ? HostTool.Run(
                package, "sbsign", "--key", key, "--cert", _folder["both-3072.pem"], "--output", _folder["signed.efi"], ReferenceBuild.Core)
            : HostTool.Run(
                package, "osslsigncode", "sign", "-h", "sha256", "-key", key, "-certs", _folder["both-3072.pem"],
                "-in", ReferenceBuild.Core, "-out", _folder["signed.efi"]);
        Assert.True(exitCode == 0, text);

        PeImage image = PeImage.Read(_folder["signed.efi"]);
        AuthenticodeSignature signature = AuthenticodeSignature.Read(image)!;

        Assert.Null(signature.Problem(_key.Certificate.Leaf));
        Assert.Equal(Authenticode.Digest(_core), signature.Digest.ToArray());
        Assert.Equal(Authenticode.Sign(_core, _key), Authenticode.Sign(image, _key, replace: true));
    }

    [Fact]
    public void An_unsigned_image_has_no_signature() => Assert.Null(AuthenticodeSignature.Read(_core));

    [Fact]
    public void An_image_whose_digest_is_not_agreed_on_is_not_signed()
    {
        // The second section begins 512 bytes later: the specification skips these, other programs do not.
        byte[] bytes = [.. _core.Bytes];
        int split = (int)_core.Sections[1].FileOffset;
        byte[] gap = [.. bytes.AsSpan(0, split), .. new byte[512], .. bytes.AsSpan(split)];
        int sections = (int)_core.UsedHeaderBytes - (_core.Sections.Count * 40);
        for (int i = 1; i < _core.Sections.Count; i++)
        {
            Span<byte> offset = gap.AsSpan(sections + (i * 40) + 20, 4);
            BitConverter.TryWriteBytes(offset, BitConverter.ToInt32(offset) + 512);
        }

        EmberException e = Assert.Throws<EmberException>(() => Authenticode.Sign(PeImage.Parse("gap.efi", gap), _key));
        Assert.StartsWith("gap.efi: has bytes in front of section .rdata that belong to none", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }

    [Fact]
    public void An_image_without_room_for_a_signature_in_its_header_is_not_signed()
    {
        byte[] bytes = [.. _core.Bytes];
        BitConverter.TryWriteBytes(bytes.AsSpan(BitConverter.ToInt32(bytes, 0x3C) + 24 + 108), 4);

        EmberException e = Assert.Throws<EmberException>(() => Authenticode.Sign(PeImage.Parse("old.efi", bytes), _key));
        Assert.StartsWith("old.efi: has no room in its header for a signature", e.Message);
    }

    private string? ProblemOf(byte[] signed)
    {
        try
        {
            AuthenticodeSignature? signature = AuthenticodeSignature.Read(PeImage.Parse("core.efi", signed));
            return signature is null ? "not signed" : signature.Problem(_key.Certificate.Leaf);
        }
        catch (EmberException e)
        {
            return e.Message;
        }
    }

    /// <summary>By sbverify, by osslsigncode, which checks the checksum too, and by our own reader.</summary>
    private void Accepted(byte[] signed, X509Certificate2 trusted, string? remark = null)
    {
        File.WriteAllBytes(_folder["signed.efi"], signed);
        string certificate = KeyMaker.Write(_folder, "trusted.pem", trusted.ExportCertificatePem());
        (string text, int exitCode) = HostTool.Run("sbsigntool", "sbverify", "--cert", certificate, _folder["signed.efi"]);
        Assert.True(exitCode == 0 && text.StartsWith("Signature verification OK\n", StringComparison.Ordinal), text);
        Assert.Equal(remark is null ? 1 : 2, text.TrimEnd().Split('\n').Length);
        Assert.Contains(remark ?? "", text);

        (text, exitCode) = HostTool.Run("osslsigncode", "osslsigncode", "verify", "-CAfile", certificate, "-in", _folder["signed.efi"]);
        Assert.True(exitCode == 0, text);
        Assert.Contains("Signature verification: ok", text);
        Assert.StartsWith("PE checksum   : ", text);
        Assert.DoesNotContain("invalid PE checksum", text);
        Assert.DoesNotContain("Signing time", text);
        Assert.Null(AuthenticodeSignature.Read(PeImage.Read(_folder["signed.efi"]))!.Problem(trusted));
    }
}
