using System;
using System.Collections.Generic;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Measurements;

namespace Ember.Sdk.Measurements;

/// <summary>
/// What a platform configuration register of a TPM 2.0, in its SHA-256 bank, holds once the loader has started a bank's core. The register
/// begins as zeros, and one event extends it: the new value is SHA-256 of the old value and the event's digest.
/// </summary>
/// <param name="Index">The register's number.</param>
/// <param name="Event">The text that the firmware's event log has for the event.</param>
/// <param name="Digest">SHA-256 of what is measured, in lower-case hexadecimal.</param>
/// <param name="Value">The register's value, in lower-case hexadecimal.</param>
public sealed record PcrPrediction(uint Index, string Event, string Digest, string Value)
{
    /// <summary>The registers that the loader extends for a bank, in order.</summary>
    /// <param name="manifest">The whole of its <c>bank.manifest</c>.</param>
    /// <exception cref="EmberException">It is none (exit code 1).</exception>
    public static IReadOnlyList<PcrPrediction> Of(ReadOnlySpan<byte> manifest)
    {
        BankManifestStatus status = BankManifest.TryRead(manifest, out BankManifest read);
        if (status != BankManifestStatus.Good)
        {
            string reason = Encoding.ASCII.GetString(BankManifestStatusText.Of(status));
            throw new EmberException(ErrorKind.Checked, $"bank.manifest: {reason}; build the image again");
        }

        return
        [
            Of(BootMeasurements.BankRegister, BootMeasurements.BankEvent, SHA256.HashData(manifest)),
            Of(BootMeasurements.PlanRegister, BootMeasurements.PlanEvent, read.File(read.Find(BankFileKind.Plan)).Sha256),
        ];
    }

    /// <summary>A line for people.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"PCR {Index} sha256 {Value} ({Event})");

    private static PcrPrediction Of(uint index, ReadOnlySpan<byte> text, ReadOnlySpan<byte> digest)
    {
        byte[] registerAndDigest = [.. new byte[SHA256.HashSizeInBytes], .. digest];
        return new PcrPrediction(
            index,
            Encoding.ASCII.GetString(text),
            Convert.ToHexStringLower(digest),
            Convert.ToHexStringLower(SHA256.HashData(registerAndDigest)));
    }
}
