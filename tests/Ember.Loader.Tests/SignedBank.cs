using System.Collections.Generic;
using System.Linq;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Tests.Signatures;
using Ember.Sdk.Banks;
using Ember.Sdk.Images;

namespace Ember.Loader.Tests;

/// <summary>The files of a bank that verifies.</summary>
internal static class SignedBank
{
    /// <summary>A core, a plan and a payload, with manifest and signature.</summary>
    /// <param name="version">Of the product; the files' content follows from it.</param>
    /// <param name="securityVersion">Of the bank.</param>
    /// <param name="product">What it is a version of.</param>
    /// <param name="payload">Bytes of the payload.</param>
    /// <param name="vendor">Who makes it.</param>
    /// <param name="logo">Its picture; null for none.</param>
    /// <param name="address">Where it asks for updates; null for nowhere.</param>
    public static Dictionary<string, byte[]> Of(
        string version,
        uint securityVersion = 1,
        string product = "Edge",
        int payload = 5000,
        string vendor = "Example",
        byte[]? logo = null,
        string? address = null)
    {
        Dictionary<string, byte[]> files = new()
        {
            ["core.efi"] = Encoding.ASCII.GetBytes("the core of " + version),
            ["appliance.plan"] = Encoding.ASCII.GetBytes("the plan of " + version),
            ["root.img"] = [.. Enumerable.Repeat((byte)version[0], payload)],
        };
        if (address is not null)
        {
            files[BankNames.UpdateAddress] = Encoding.ASCII.GetBytes(address);
        }

        BankItem[] items =
        [
            .. files.Zip(
                [BankFileKind.Core, BankFileKind.Plan, BankFileKind.Payload, BankFileKind.UpdateAddress],
                (file, kind) => new BankItem(file.Key, kind, ContentDigest.Of(file.Value))),
            .. logo is null ? [] : new[] { new BankItem("logo.bmp", BankFileKind.Logo, ContentDigest.Of(logo)) },
            new BankItem("sbom.spdx.json", BankFileKind.Document, ContentDigest.Of("{}"u8)),
        ];
        if (logo is not null)
        {
            files["logo.bmp"] = logo;
        }

        byte[] manifest = BankManifestWriter.Write(new BankDescription(vendor, product, version, securityVersion, false), items);
        files["bank.manifest"] = manifest;
        files["bank.signature"] = TestKey.Bits3072.BankSignatureOf(manifest);
        return files;
    }
}
