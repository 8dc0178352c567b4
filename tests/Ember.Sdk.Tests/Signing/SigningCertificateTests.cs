using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Signing;

namespace Ember.Sdk.Tests.Signing;

public sealed class SigningCertificateTests
{
    private static readonly DateTimeOffset _now = KeyMaker.Start.AddDays(100);

    [Theory]
    [InlineData(2048, SigningPurpose.Bank, "the key has 2048 bits, too short for a bank; use one of 3072 bits or more")]
    [InlineData(2048, SigningPurpose.Authenticode, null)]
    [InlineData(3072, SigningPurpose.Bank, null)]
    [InlineData(3136, SigningPurpose.Bank, null)]
    [InlineData(4096, SigningPurpose.Bank, null)]
    public void A_key_is_long_enough_for_what_it_signs(int bits, SigningPurpose purpose, string? problem)
    {
        using RSA key = KeyMaker.Rsa(bits);
        Assert.Equal(problem, Problems(KeyMaker.Certificate(key), purpose, _now).SingleOrDefault());
    }

    [Theory]
    [InlineData(
        1024, 65537, SigningPurpose.Authenticode, "the key has 1024 bits, too short for loader and core; use one of 2048 bits or more")]
    [InlineData(3080, 65537, SigningPurpose.Bank, "the key has 3080 bits; the loader takes 3072 to 4096, a multiple of 64")]
    [InlineData(4160, 65537, SigningPurpose.Bank, "the key has 4160 bits; the loader takes 3072 to 4096, a multiple of 64")]
    [InlineData(3072, 3, SigningPurpose.Bank, "the key's public exponent is not 65537; the loader knows no other: make another key")]
    [InlineData(3072, 3, SigningPurpose.Authenticode, null)]
    public void A_key_that_the_loader_could_not_take_is_refused(int bits, int exponent, SigningPurpose purpose, string? problem)
    {
        // The signature on the certificate counts for nothing here, so its modulus need be none.
        byte[] modulus = new byte[bits / 8];
        Array.Fill(modulus, (byte)0xFB);
        using RSA subject = RSA.Create(
            new RSAParameters { Modulus = modulus, Exponent = exponent == 3 ? [3] : [1, 0, 1] });
        using RSA issuer = KeyMaker.Rsa(2048);
        CertificateRequest request = new("CN=Odd", subject, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        X509Certificate2 certificate = request.Create(
            request.SubjectName, X509SignatureGenerator.CreateForRSA(issuer, RSASignaturePadding.Pkcs1), KeyMaker.Start, KeyMaker.End, [1]);

        Assert.Equal(problem, Problems(certificate, purpose, _now).SingleOrDefault());
    }

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("2.5.29.37.0", null, null)]
    [InlineData(KeyMaker.CodeSigning, X509KeyUsageFlags.DigitalSignature, null)]
    [InlineData(
        KeyMaker.ServerAuthentication, null, "the certificate is not for code signing (extended key usage); have one issued that is")]
    [InlineData(
        null, X509KeyUsageFlags.KeyEncipherment, "the certificate is not for digital signatures (key usage); have one issued that is")]
    public void A_certificate_for_something_else_is_refused(string? extendedUse, X509KeyUsageFlags? use, string? problem)
    {
        using RSA key = KeyMaker.Rsa(3072);
        X509Certificate2 certificate = KeyMaker.Certificate(key, extendedUse: extendedUse, use: use);
        Assert.Equal(problem, Problems(certificate, SigningPurpose.Bank, _now).SingleOrDefault());
    }

    [Fact]
    public void A_certificate_is_valid_from_its_first_second_to_its_last_and_always_where_there_is_no_clock()
    {
        using RSA key = KeyMaker.Rsa(3072);
        IEnumerable<string> At(DateTimeOffset? time) => Problems(KeyMaker.Certificate(key), SigningPurpose.Bank, time);

        Assert.Empty(At(KeyMaker.Start));
        Assert.Empty(At(KeyMaker.End));
        Assert.Empty(At(null));
        Assert.StartsWith("the certificate expired on 2030-01-01; ", Assert.Single(At(KeyMaker.End.AddSeconds(1))));
        Assert.StartsWith("the certificate is valid from 2026-01-01 on only; ", Assert.Single(At(KeyMaker.Start.AddSeconds(-1))));
    }

    [Fact]
    public void What_is_required_and_not_so_is_an_error_that_names_the_file()
    {
        using RSA key = KeyMaker.Rsa(2048);
        using SigningCertificate certificate = SigningCertificate.Of("signer.pem", [KeyMaker.Certificate(key)]);

        certificate.Require(SigningPurpose.Authenticode, _now);
        EmberException e = Assert.Throws<EmberException>(() => certificate.Require(SigningPurpose.Bank, _now));
        Assert.Equal("signer.pem: the key has 2048 bits, too short for a bank; use one of 3072 bits or more", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }

    private static string[] Problems(X509Certificate2 certificate, SigningPurpose purpose, DateTimeOffset? time)
    {
        using SigningCertificate signing = SigningCertificate.Of("x", [certificate]);
        return [.. signing.Problems(purpose, time)];
    }
}
