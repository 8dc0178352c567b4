using System;
using System.IO;
using Ember.Sdk.Gpt;

namespace Ember.Cli.Tests;

/// <summary>An image of nothing but a partition table.</summary>
internal static class EmptyKey
{
    public const int Length = 4 << 20;

    /// <summary>Writes it.</summary>
    public static string Write(TemporaryFolder folder)
    {
        GptTable table = new(new Guid("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"), Length / 512, []);
        byte[] image = new byte[Length];
        GptWriter.Primary(table).CopyTo(image, 0);
        byte[] backup = GptWriter.Backup(table);
        backup.CopyTo(image, image.Length - backup.Length);
        File.WriteAllBytes(folder.Combine("key.img"), image);
        return folder.Combine("key.img");
    }
}
