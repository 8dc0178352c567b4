using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using Ember.Formats.Banks;
using Ember.Sdk.Verification.Contents;
using Ember.Sdk.Verification.Rules;

namespace Ember.Sdk.Verification.Banks;

/// <summary>Checks the documents that were signed with the banks and lie beside the image, as far as they are there.</summary>
internal static class DocumentCheck
{
    /// <summary>Runs the check.</summary>
    /// <exception cref="IOException">A document cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A document may not be read.</exception>
    public static void Run(IEnumerable<BankContents> banks, string folder, Findings findings)
    {
        foreach (IGrouping<string, ManifestFileContents> document in banks
            .SelectMany(bank => bank.Manifest?.Files ?? [])
            .Where(file => file.Kind == BankFileKind.Document)
            .GroupBy(file => file.Name))
        {
            FileInfo beside = new(Path.Combine(folder, document.Key));
            if (beside.Exists)
            {
                // The image says the name: what lies there may be a pipe, which has no length.
                string found = document.Any(file => file.Length == (ulong)beside.Length)
                    ? DigestOf(beside)
                    : FormattableString.Invariant($"of {beside.Length} bytes");
                string right = string.Join(" or ", document.Select(file => file.Sha256).Distinct());
                findings.Require(
                    document.Any(file => file.Sha256 == found), BankRules.DocumentBeside, new Place(document.Key),
                    $"it is {found}, and should be {right}");
            }
        }
    }

    private static string DigestOf(FileInfo file)
    {
        using FileStream stream = file.OpenRead();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
