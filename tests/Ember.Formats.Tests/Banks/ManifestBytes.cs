using System;
using System.Buffers.Binary;
using System.Text;

namespace Ember.Formats.Tests.Banks;

/// <summary>A manifest put together from literal offsets, so that a slip in the structures' layout shows.</summary>
internal static class ManifestBytes
{
    /// <summary>A core, a plan, a payload and a document.</summary>
    public static byte[] Good()
    {
        byte[] manifest = new byte[256 + (4 * 128)];
        Text(manifest, 0, "EMBRBANK");
        UInt32(manifest, 8, 1);
        UInt32(manifest, 12, (uint)manifest.Length);
        UInt32(manifest, 16, 4);
        UInt32(manifest, 20, 7);
        UInt32(manifest, 24, 1);
        Text(manifest, 32, "Ember Reference");
        Text(manifest, 64, "1.4.0");
        Text(manifest, 80, "Example & Sons");
        File(manifest, 256, "core.efi", 200_000, 1);
        File(manifest, 384, "appliance.plan", 1000, 2);
        File(manifest, 512, "vmlinuz-6.1.0", 8_000_000, 3);
        File(manifest, 640, "sbom.cdx.json", 5000, 4);
        return manifest;
    }

    public static void UInt32(byte[] bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);

    public static void Text(byte[] bytes, int offset, string text) => Encoding.ASCII.GetBytes(text, bytes.AsSpan(offset));

    private static void File(byte[] manifest, int offset, string name, ulong length, uint kind)
    {
        Text(manifest, offset, name);
        BinaryPrimitives.WriteUInt64LittleEndian(manifest.AsSpan(offset + 48), length);
        BinaryPrimitives.WriteUInt64LittleEndian(manifest.AsSpan(offset + 56), 0x1122_3344_5566_7788);
        manifest.AsSpan(offset + 64, 32).Fill((byte)kind);
        UInt32(manifest, offset + 96, kind);
    }
}
