using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Ember.Sdk.Signing;

/// <summary>A key that never leaves its token: PKCS #11, through the library of whoever made the token.</summary>
public sealed class Pkcs11SigningKey : ISigningKey
{
    /// <summary>DER in front of a SHA-256 digest (RFC 8017, 9.2, note 1): tokens add the padding, not the digest's name.</summary>
    private static readonly byte[] _digestInfo =
        [0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20];

    private readonly Pkcs11Location _location;
    private readonly IPkcs11Library _library;
    private readonly ISession _session;
    private readonly IObjectHandle _key;

    private Pkcs11SigningKey(Pkcs11Location location, IPkcs11Library library, ISession session)
    {
        _location = location;
        _library = library;
        _session = session;
        _key = FindKey();
        Certificate = ReadCertificate();
    }

    /// <inheritdoc/>
    public SigningCertificate Certificate { get; }

    /// <summary>Opens a key in a token.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="pin">The token's user PIN.</param>
    /// <exception cref="EmberException">
    /// The library cannot be loaded or the token fails (exit code 3); there is no such token or key, the PIN is wrong or locked, or
    /// the certificate is missing or not the key's (2).
    /// </exception>
    public static Pkcs11SigningKey Open(Pkcs11Location location, string pin)
    {
        IPkcs11Library? library = null;
        ISession? session = null;
        try
        {
            library = Pkcs11Module.Load(location.ModulePath);
            session = FindSlot(library, location).OpenSession(SessionType.ReadOnly);
            session.Login(CKU.CKU_USER, pin);
            return new Pkcs11SigningKey(location, library, session);
        }
        catch (Exception e)
        {
            session?.Dispose();
            library?.Dispose();
            if (e is Pkcs11Exception failure)
            {
                throw Explained(location, failure);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public byte[] Sign(SigningRequest request)
    {
        try
        {
            using IMechanism mechanism = _session.Factories.MechanismFactory.Create(CKM.CKM_RSA_PKCS);
            byte[] signature = _session.Sign(mechanism, _key, [.. _digestInfo, .. request.Digest]);
            return Certificate.IsSignature(request, signature)
                ? signature
                : throw new EmberException(
                    ErrorKind.Host, $"{_location}: signed {request.Name}, but not with the key of its certificate; see to the token");
        }
        catch (Pkcs11Exception e)
        {
            throw Explained(_location, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        _session.Dispose();
        _library.Dispose();
    }

    private static ISlot FindSlot(IPkcs11Library library, Pkcs11Location location)
    {
        List<string> labels = [];
        foreach (ISlot slot in library.GetSlotList(SlotsType.WithTokenPresent))
        {
            string label = slot.GetTokenInfo().Label.TrimEnd();
            if (label == location.TokenLabel)
            {
                return slot;
            }

            if (label.Length != 0)
            {
                labels.Add($"'{label}'");
            }
        }

        string there = labels.Count == 0 ? "there is none" : $"there is {string.Join(", ", labels.Order(StringComparer.Ordinal))}";
        throw new EmberException(ErrorKind.Input, $"{location.ModulePath}: no token '{location.TokenLabel}'; {there}");
    }

    private static EmberException Explained(Pkcs11Location location, Pkcs11Exception e) => e.RV switch
    {
        CKR.CKR_PIN_INCORRECT or CKR.CKR_PIN_INVALID or CKR.CKR_PIN_LEN_RANGE =>
            new(ErrorKind.Input, $"{location}: wrong PIN; a few more of them lock the token", e),
        CKR.CKR_PIN_LOCKED => new(ErrorKind.Input, $"{location}: the PIN is locked; have the token's security officer unlock it", e),
        _ => new(ErrorKind.Host, $"{location}: the token says {e.RV} to {e.Method}; see its manual", e),
    };

    private IObjectHandle FindKey()
    {
        List<IObjectHandle> keys = _session.FindAllObjects(
        [
            _session.Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_PRIVATE_KEY),
            _session.Factories.ObjectAttributeFactory.Create(CKA.CKA_LABEL, _location.KeyLabel),
        ]);
        return keys.Count switch
        {
            0 => throw new EmberException(ErrorKind.Input, $"{_location}: the token has no private key of that label; list its objects"),
            1 => keys[0],
            _ => throw new EmberException(ErrorKind.Input, $"{_location}: {keys.Count} private keys have that label; give each its own"),
        };
    }

    private SigningCertificate ReadCertificate()
    {
        List<IObjectAttribute> key = _session.GetAttributeValue(_key, [CKA.CKA_KEY_TYPE]);
        if (key[0].GetValueAsUlong() != (ulong)CKK.CKK_RSA)
        {
            throw SigningCertificate.Unsupported(_location.ToString(), ((CKK)key[0].GetValueAsUlong()).ToString());
        }

        key = _session.GetAttributeValue(_key, [CKA.CKA_MODULUS, CKA.CKA_PUBLIC_EXPONENT]);
        RSAParameters publicKey = new() { Modulus = WithoutZeros(key[0]), Exponent = WithoutZeros(key[1]) };
        return _location.CertificatePath is string path
            ? SigningCertificate.Of(path, KeyFileText.ReadCertificates(path), publicKey)
            : SigningCertificate.Of(_location.ToString(), CertificatesOfToken(), publicKey);
    }

    private List<X509Certificate2> CertificatesOfToken()
    {
        List<X509Certificate2> certificates = [];
        foreach (IObjectHandle handle in _session.FindAllObjects(
            [_session.Factories.ObjectAttributeFactory.Create(CKA.CKA_CLASS, CKO.CKO_CERTIFICATE)]))
        {
            byte[] value = _session.GetAttributeValue(handle, [CKA.CKA_VALUE])[0].GetValueAsByteArray();
            try
            {
                certificates.Add(X509CertificateLoader.LoadCertificate(value));
            }
            catch (CryptographicException e)
            {
                throw KeyFileText.Damaged(_location.ToString(), "certificate", e);
            }
        }

        return certificates;
    }

    private static byte[] WithoutZeros(IObjectAttribute attribute) =>
        attribute.GetValueAsByteArray().AsSpan().TrimStart((byte)0).ToArray();
}
