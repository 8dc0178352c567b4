using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Formats.Tests.Signatures;
using Ember.Sdk.Banks;
using Ember.Sdk.Fat;
using Ember.Sdk.Images;

namespace Ember.Loader.Tests;

/// <summary>A key of a few MiB whose loader is no more than a section with a vendor's key.</summary>
internal static class SmallKey
{
    /// <summary>Bytes of the payload of a bank, of any version that begins alike the same.</summary>
    public const int PayloadLength = 5000;

    private const int MiB = 1 << 20;

    /// <summary>An image with a copy of version 1.0.0 in both banks.</summary>
    /// <param name="folder">Where the image is written on the way.</param>
    /// <param name="hasB">Whether bank B has its copy.</param>
    /// <param name="address">Where that version asks for updates; null for nowhere.</param>
    public static byte[] Image(string folder, bool hasB, string? address = null)
    {
        ImageFile[] bank = Files(SignedBank.Of("1.0.0", address: address));
        KeyLayout layout = new() { EspSize = 3 * MiB, EspType = FatType.Fat16, BankSize = MiB };
        KeyContent content = new()
        {
            Name = "small",
            Loader = TrustingLoader.Of(TestKey.Bits3072.PublicKey()),
            BankA = bank,
            BankB = hasB ? bank : [],
            State = BankStateWriter.Manufacture((int)KeyLayout.StateSize, hasB),
        };
        string path = Path.Combine(folder, "small.img");
        ImageWriter.Write(layout.Request(content), path);
        return File.ReadAllBytes(path);
    }

    /// <summary>A bundle with a version; some versions are bundles that this key refuses.</summary>
    /// <param name="folder">Where it is written.</param>
    /// <param name="version">Which.</param>
    /// <param name="address">Where that version asks for updates; null for nowhere.</param>
    public static BundleFile Bundle(string folder, string version, string? address = null)
    {
        Dictionary<string, byte[]> files = version switch
        {
            "product" => SignedBank.Of("2.0.0", product: "Other"),
            "vendor" => SignedBank.Of("2.0.0", vendor: "Another"),
            "security" => SignedBank.Of("2.0.0", securityVersion: 0),
            "large" => SignedBank.Of("2.0.0", payload: 2 * MiB),
            "signature" or "stranger" => SignedBank.Of("2.0.0"),
            _ => SignedBank.Of(version, address: address),
        };
        byte[] manifest = files[BankNames.Manifest];
        files[BankNames.Signature] = version switch
        {
            "signature" => TestKey.Bits3072.BankSignatureOf([.. manifest, 0]),
            "stranger" => TestKey.All[^1].BankSignatureOf(manifest),
            _ => files[BankNames.Signature],
        };
        string path = Path.Combine(folder, version + ".bundle");
        BundleWriter.Write(Files(files), version == "large" ? null : MiB, 0, path);
        return BundleFile.Open(path);
    }

    /// <summary>The bytes of <see cref="Bundle"/>.</summary>
    public static byte[] BundleBytes(string folder, string version)
    {
        Bundle(folder, version).Dispose();
        return File.ReadAllBytes(Path.Combine(folder, version + ".bundle"));
    }

    /// <summary>A bundle with what differs between two versions.</summary>
    public static byte[] DeltaBytes(string folder, string older, string newer, string? address = null)
    {
        string path = Path.Combine(folder, $"{older}-{newer}.delta");
        using BundleFile from = Bundle(folder, older, address);
        using BundleFile to = Bundle(folder, newer, address);
        BundleDelta.Write(from, to, path);
        return File.ReadAllBytes(path);
    }

    private static ImageFile[] Files(Dictionary<string, byte[]> files) =>
        [.. files.Select(file => ImageFile.FromBytes(file.Key, file.Value))];
}
