using Ember.Formats.Banks;
using Ember.Sdk.Images;

namespace Ember.Sdk.Banks;

/// <summary>A file of a bank.</summary>
/// <param name="Name">Its name in the bank: 1 to 47 characters that a FAT long name may have.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Digest">Its length and hashes.</param>
public sealed record BankItem(string Name, BankFileKind Kind, ContentDigest Digest);
