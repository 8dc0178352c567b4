using System;
using System.Collections.Generic;
using System.Linq;

namespace Ember.Fuzz.Tests.Models;

/// <summary>A bank's manifest as sdk/docs/flash-format.md describes it, read without the reader's code.</summary>
/// <param name="Files">Its files.</param>
internal sealed record ManifestModel(IReadOnlyList<ManifestModel.File> Files)
{
    private const int HeaderSize = 256;
    private const int FileSize = 128;

    /// <summary>Reads a manifest; null when it is none.</summary>
    public static ManifestModel? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith("EMBRBANK"u8) || Text.Number(bytes, 8) != 1
            || Text.Number(bytes, 12) != bytes.Length || Text.Number(bytes, 16) is < 2 or > 80 || Text.Number(bytes, 24) > 1
            || bytes.Length != HeaderSize + (Text.Number(bytes, 16) * FileSize)
            || !Text.AreZero(bytes[28..32]) || !Text.AreZero(bytes[144..HeaderSize])
            || Text.Of(bytes[32..64]) is null || Text.Of(bytes[64..80]) is null || Text.Of(bytes[80..144]) is null)
        {
            return null;
        }

        List<File> files = [];
        for (int at = HeaderSize; at < bytes.Length; at += FileSize)
        {
            ReadOnlySpan<byte> file = bytes.Slice(at, FileSize);
            if (Text.FileNameOf(file[..48]) is not { } name || Text.Long(file, 48) is 0 or > int.MaxValue
                || Text.Number(file, 96) is not (>= 1 and <= 6) || !Text.AreZero(file[100..]))
            {
                return null;
            }

            files.Add(new File(name, Text.Long(file, 48), Convert.ToHexString(file[64..96]), (int)Text.Number(file, 96)));
        }

        IEnumerable<string> names = files.Select(file => file.Name).Concat(["bank.manifest", "bank.signature"]);
        return names.Distinct(StringComparer.OrdinalIgnoreCase).Count() == files.Count + 2
            && files.Count(file => file.Kind == 1) == 1 && files.Count(file => file.Kind == 2) == 1
            ? new ManifestModel(files)
            : null;
    }

    /// <summary>A file of a manifest.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Length">Its bytes.</param>
    /// <param name="Sha256">Its digest, in hexadecimal digits.</param>
    /// <param name="Kind">1 for the core, 2 for the plan, 3 for a payload, 4 for a document, 5 for the address of updates, 6 for a picture.</param>
    internal sealed record File(string Name, ulong Length, string Sha256, int Kind);
}
