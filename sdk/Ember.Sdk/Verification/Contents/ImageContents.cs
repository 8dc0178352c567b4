using System;
using System.Collections.Generic;
using Ember.Formats.Banks;
using Ember.Sdk.Measurements;

namespace Ember.Sdk.Verification.Contents;

/// <summary>What an image holds, as far as it can be read. Texts are printable ASCII, whatever the image holds.</summary>
/// <param name="Length">Bytes of the image.</param>
/// <param name="Partitions">The partitions of its table.</param>
/// <param name="Loader">The loader; null where there is none.</param>
/// <param name="Banks">The banks that could be read.</param>
/// <param name="State">The state of the banks; null where there is none.</param>
public sealed record ImageContents(
    long Length, IReadOnlyList<PartitionContents> Partitions, LoaderContents? Loader, IReadOnlyList<BankContents> Banks,
        StateContents? State);

/// <summary>A partition.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="FirstLba">Its first sector.</param>
/// <param name="Length">Bytes of it; 0 where it ends before it begins.</param>
/// <param name="Volume">Its volume; null where there is none.</param>
public sealed record PartitionContents(int Number, string Name, Guid Type, Guid Id, ulong FirstLba, ulong Length, VolumeContents? Volume);

/// <summary>A FAT volume.</summary>
/// <param name="FatBits">12, 16 or 32.</param>
/// <param name="Label">Its label.</param>
/// <param name="Serial">Its serial number.</param>
/// <param name="ClusterSize">Bytes of a cluster.</param>
/// <param name="ClusterCount">Clusters.</param>
/// <param name="Files">Files, without folders.</param>
public sealed record VolumeContents(int FatBits, string Label, uint Serial, int ClusterSize, int ClusterCount,
    IReadOnlyList<FileContents> Files);

/// <summary>A file.</summary>
/// <param name="Path">Its folders and name, separated by <c>/</c>.</param>
/// <param name="Length">Bytes of it.</param>
public sealed record FileContents(string Path, long Length);

/// <summary>The loader.</summary>
/// <param name="Signer">The subject of the certificate it is signed with; null for none.</param>
/// <param name="VendorKeyId">SHA-256 of the modulus that it trusts, in hexadecimal; null where it has no key.</param>
/// <param name="IsTestKey">Whether that key is a test key.</param>
public sealed record LoaderContents(string? Signer, string? VendorKeyId, bool IsTestKey);

/// <summary>A bank.</summary>
/// <param name="Slot">A or B.</param>
/// <param name="Manifest">What its manifest says; null where there is none.</param>
/// <param name="SignatureKeyId">SHA-256 of the modulus of the key that its signature names, in hexadecimal; null for none.</param>
/// <param name="IsSigned">Whether the signature is right, by the key in the loader.</param>
/// <param name="CoreSigner">The subject of the certificate that the core is signed with; null for none.</param>
/// <param name="Plan">Its plan; null where there is none.</param>
/// <param name="Pcrs">What a TPM's registers hold once it was started; empty where it has no manifest.</param>
/// <param name="IsVerified">Whether nothing is wrong with it.</param>
public sealed record BankContents(
    BankSlot Slot, ManifestContents? Manifest, string? SignatureKeyId, bool IsSigned, string? CoreSigner, PlanContents? Plan,
        IReadOnlyList<PcrPrediction> Pcrs, bool IsVerified);

/// <summary>What a bank's manifest says.</summary>
/// <param name="Vendor">Who makes it.</param>
/// <param name="Product">The product.</param>
/// <param name="Version">The product's version.</param>
/// <param name="SecurityVersion">The bank's security version.</param>
/// <param name="IsTestKey">Whether it is signed with a test key.</param>
/// <param name="Files">The files it names.</param>
public sealed record ManifestContents(
    string Vendor, string Product, string Version, uint SecurityVersion, bool IsTestKey, IReadOnlyList<ManifestFileContents> Files);

/// <summary>A file that a manifest names.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Length">Bytes of it.</param>
/// <param name="Sha256">In hexadecimal.</param>
public sealed record ManifestFileContents(string Name, BankFileKind Kind, ulong Length, string Sha256);

/// <summary>The state of the banks.</summary>
/// <param name="Sequence">The number of its last change.</param>
/// <param name="Preferred">The bank that is started first.</param>
/// <param name="A">What is known of bank A.</param>
/// <param name="B">What is known of bank B.</param>
public sealed record StateContents(ulong Sequence, BankSlot Preferred, BankRecord A, BankRecord B);
