using System;
using System.Collections.Generic;
using Ember.Sdk.Banks;
using Ember.Sdk.Manifests;

namespace Ember.Sdk.Signing.Offline;

/// <summary>The keys of an appliance where only their certificates are at hand.</summary>
public sealed class OfflineKeys : IDisposable
{
    private readonly List<SigningRequest> _requests = [];
    private readonly Dictionary<string, byte[]> _signatures = [];
    private SigningList? _list;

    private OfflineKeys(SigningCertificate bank, SigningCertificate? secureBoot)
    {
        Bank = new DeferredSigningKey(bank, _signatures, Take);
        SecureBoot = secureBoot is null ? null : new DeferredSigningKey(secureBoot, _signatures, Take);
    }

    /// <summary>The key that signs banks, and loader and core too unless there is another for them.</summary>
    public ISigningKey Bank { get; }

    /// <summary>The key that signs loader and core for Secure Boot; null when it is the same.</summary>
    public ISigningKey? SecureBoot { get; }

    /// <summary>All that was to be signed, in order.</summary>
    internal IReadOnlyList<SigningRequest> Requests => _requests;

    /// <summary>What is signed.</summary>
    internal IReadOnlyDictionary<string, byte[]> Signatures => _signatures;

    /// <summary>Opens the certificates that an appliance names.</summary>
    /// <param name="signing">Which keys; null for the common test key.</param>
    /// <param name="time">When they have to be valid; null where there is no clock.</param>
    /// <exception cref="EmberException">A certificate is not there as a file, or its key may not sign (exit code 2).</exception>
    public static OfflineKeys Open(ManifestSigning? signing, DateTimeOffset? time) =>
        new(SigningKeys.OpenBankCertificate(signing, time), SigningKeys.OpenSecureBootCertificate(signing, time));

    /// <inheritdoc/>
    public void Dispose()
    {
        Bank.Dispose();
        SecureBoot?.Dispose();
    }

    /// <summary>Takes the signatures of a build that waits for them; from now on nothing but what they are for is signed.</summary>
    internal void Attach(SigningFolder folder, string attached)
    {
        foreach ((string name, byte[] signature) in folder.ReadSignatures(attached, CertificateFor))
        {
            _signatures.Add(name, signature);
        }

        _list = folder.List;
    }

    internal SigningCertificate CertificateFor(string name) =>
        (name == BankNames.Manifest ? Bank : SecureBoot ?? Bank).Certificate;

    private void Take(SigningRequest request)
    {
        foreach (ListedRequest listed in _list?.Requests ?? [])
        {
            if (listed.Name == request.Name && !request.Digest.AsSpan().SequenceEqual(listed.Digest))
            {
                throw new EmberException(
                    ErrorKind.Input,
                    $"{request.Name}: what is built now is not what was written to be signed: sources, manifest or tools are others; "
                    + "run 'ember build --unsigned' and sign again");
            }
        }

        _requests.Add(request);
    }
}
