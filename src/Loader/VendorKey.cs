using System;
using Ember.Formats.Signatures;
using Ember.Platform.Processors;

namespace Ember.Loader;

/// <summary>The vendor's public key in the loader's own image: a section that the SDK fills before it signs the loader.</summary>
internal static unsafe class VendorKey
{
    /// <summary>The section's content, which nothing has checked.</summary>
    public static ReadOnlySpan<byte> Section => new(Cpu.VendorKey(), RsaPublicKey.MaximumSize);
}
