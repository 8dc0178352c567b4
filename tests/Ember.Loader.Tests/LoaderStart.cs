using System;
using System.Text;
using Ember.Formats.Banks;
using Ember.Formats.Signatures;
using Ember.Formats.Tests.Signatures;
using Ember.Sdk.Banks;
using Ember.Sdk.Media;

namespace Ember.Loader.Tests;

/// <summary>One start of the loader from an image.</summary>
internal static unsafe class LoaderStart
{
    /// <returns>The version that the loader has loaded and verified; null for none.</returns>
    public static string? Run(ISectorMedium content, Surroundings surroundings)
    {
        ImageMedium medium = new(content, new KeyReader(content, "key"), surroundings);
        HandOver handOver = default;
        Assert.Equal(SignatureStatus.Good, RsaPublicKey.TryRead(TestKey.Bits3072.PublicKey(), out RsaPublicKey key));
        if (new BankSelection<ImageMedium>(ref medium, key, &handOver).Run() == BankSlot.None)
        {
            return null;
        }

        BankManifest.TryRead(new ReadOnlySpan<byte>(handOver.Manifest, (int)handOver.ManifestLength), out BankManifest manifest);
        string version = Encoding.ASCII.GetString(BankManifest.ProductVersionOf(in manifest.Header));
        for (int i = 0; i < manifest.FileCount; i++)
        {
            medium.Release((byte*)handOver.Files[i], 0);
        }

        medium.Release(handOver.Manifest, 0);
        return version;
    }
}
