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
            string path = Path.Combine(folder, document.Key);
            if (File.Exists(path))
            {
                using FileStream stream = File.OpenRead(path);
                string digest = Convert.ToHexStringLower(SHA256.HashData(stream));
                findings.Require(
                    document.Any(file => file.Sha256 == digest), BankRules.DocumentBeside, new Place(document.Key),
                    $"its SHA-256 is {digest}, and should be {string.Join(" or ", document.Select(file => file.Sha256).Distinct())}");
            }
        }
    }
}
