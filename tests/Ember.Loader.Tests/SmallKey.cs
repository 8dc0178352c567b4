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
    private const int MiB = 1 << 20;

    /// <summary>An image with a copy of version 1.0.0 in both banks.</summary>
    /// <param name="folder">Where the image is written on the way.</param>
    /// <param name="hasB">Whether bank B has its copy.</param>
    public static byte[] Image(string folder, bool hasB)
    {
        ImageFile[] bank = Files("1.0.0");
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

    /// <summary>A bundle with a version.</summary>
    public static BundleFile Bundle(string folder, string version)
    {
        string path = Path.Combine(folder, version + ".bundle");
        BundleWriter.Write(Files(version), 0, path);
        return BundleFile.Open(path);
    }

    private static ImageFile[] Files(string version) =>
        [.. SignedBank.Of(version).Select(file => ImageFile.FromBytes(file.Key, file.Value))];
}
