using System.Security.Cryptography.X509Certificates;
using Ember.Sdk.Verification.Contents;

namespace Ember.Sdk.Verification.Banks;

/// <summary>What the loader trusts, and who signed it.</summary>
/// <param name="VendorKey">The section with the vendor's key, which reads; null where there is none.</param>
/// <param name="Signer">The certificate it is signed with; null for none.</param>
/// <param name="Contents">The same to be shown.</param>
internal sealed record TrustedLoader(byte[]? VendorKey, X509Certificate2? Signer, LoaderContents? Contents);
