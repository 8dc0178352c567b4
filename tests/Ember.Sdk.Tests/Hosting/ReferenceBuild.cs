using System;
using System.IO;
using Ember.Sdk.Compilation;
using Ember.Sdk.Footprint;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Tests.Hosting;

/// <summary>The core and the image of the reference appliance, which <c>ember test</c> builds before it runs any test.</summary>
internal static class ReferenceBuild
{
    private static readonly Lazy<FootprintTarget> _target = new(() => FootprintTarget.Open(Core!));

    public static string Repository { get; } = Sdk.Compilation.Repository.Containing(AppContext.BaseDirectory).Root;

    public static BuildFolder Folder { get; } = new(Path.Combine(Repository, "out", "usb-key"));

    public static string Core { get; } = Path.Combine(Folder.Folder, "core.efi");

    public static SymbolFiles Symbols { get; } = new(Path.Combine(Folder.Folder, SymbolFiles.FolderName));

    /// <summary>The core, read once.</summary>
    public static FootprintTarget Target => _target.Value;

    /// <summary>The core's bytes, to be changed.</summary>
    public static byte[] ReadCore() => File.ReadAllBytes(Core);

    /// <summary>Copies the core and its symbols.</summary>
    /// <returns>The copy of the core.</returns>
    public static string CopyTo(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, SymbolFiles.FolderName));
        foreach (string file in Directory.GetFiles(Symbols.Folder))
        {
            File.Copy(file, Path.Combine(folder, SymbolFiles.FolderName, Path.GetFileName(file)));
        }

        string copy = Path.Combine(folder, "core.efi");
        File.Copy(Core, copy);
        return copy;
    }

    /// <summary>The bytes as a signed file has them: a checksum, and a certificate table at the end that the header points to.</summary>
    public static byte[] Signed(byte[] core, byte[] certificate)
    {
        int header = BitConverter.ToInt32(core, 0x3C);
        byte[] signed = [.. core, .. certificate];
        BitConverter.TryWriteBytes(signed.AsSpan(header + 24 + 64), 0x12345678);
        BitConverter.TryWriteBytes(signed.AsSpan(header + 24 + 112 + (4 * 8)), core.Length);
        BitConverter.TryWriteBytes(signed.AsSpan(header + 24 + 112 + (4 * 8) + 4), certificate.Length);
        return signed;
    }
}
