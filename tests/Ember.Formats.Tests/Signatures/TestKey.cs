using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Numerics;
using System.Security.Cryptography;
using Ember.Formats.Signatures;

namespace Ember.Formats.Tests.Signatures;

/// <summary>A private key of the fixtures, which signs anything, right or not.</summary>
internal sealed class TestKey
{
    private readonly RSA _rsa = RSA.Create();
    private readonly RSAParameters _parameters;

    private TestKey(string file)
    {
        _rsa.ImportFromPem(VectorFile.ReadText(file));
        _parameters = _rsa.ExportParameters(includePrivateParameters: true);
    }

    public static TestKey Bits3072 { get; } = new("key-3072.pem");

    public static IReadOnlyList<TestKey> All { get; } = [Bits3072, new("key-3136.pem"), new("key-4096.pem")];

    public byte[] Modulus => _parameters.Modulus!;

    /// <summary>The structure of a signature or a key, as <see cref="SignatureHeader"/> says.</summary>
    public static byte[] Structure(ulong magic, uint kind, byte[] modulus, byte[] content)
    {
        byte[] bytes = new byte[SignatureHeader.Size + content.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, magic);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), SignatureHeader.CurrentVersion);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(12), kind);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), content.Length);
        SHA256.HashData(modulus, bytes.AsSpan(24, 32));
        content.CopyTo(bytes, SignatureHeader.Size);
        return bytes;
    }

    public byte[] PublicKey(RsaKeyFlags flags = RsaKeyFlags.None) =>
        Structure(RsaPublicKey.MagicValue, (uint)flags, Modulus, Modulus);

    public byte[] BankSignatureOf(byte[] manifest) => Structure(
        BankSignature.MagicValue, (uint)SignatureAlgorithm.RsaPkcs1Sha256, Modulus, Sign(SHA256.HashData(manifest)));

    public byte[] Sign(byte[] digest) => _rsa.SignHash(digest, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <summary>RSA's private operation on a whole block, as long as the modulus.</summary>
    public byte[] SignBlock(byte[] block)
    {
        BigInteger number = Number(block);
        BigInteger p = Number(_parameters.P!), q = Number(_parameters.Q!);
        BigInteger a = BigInteger.ModPow(number, Number(_parameters.DP!), p);
        BigInteger b = BigInteger.ModPow(number, Number(_parameters.DQ!), q);
        BigInteger difference = (((a - b) * Number(_parameters.InverseQ!) % p) + p) % p;
        return Block(b + (q * difference), block.Length);
    }

    public static BigInteger Number(ReadOnlySpan<byte> bigEndian) => new(bigEndian, isUnsigned: true, isBigEndian: true);

    /// <summary>A number as big-endian bytes with zeros in front.</summary>
    public static byte[] Block(BigInteger number, int length)
    {
        byte[] bytes = number.ToByteArray(isUnsigned: true, isBigEndian: true);
        byte[] block = new byte[length];
        bytes.CopyTo(block, length - bytes.Length);
        return block;
    }
}
