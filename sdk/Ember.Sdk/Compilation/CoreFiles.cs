using System.IO;
using Ember.Sdk.Symbols;

namespace Ember.Sdk.Compilation;

/// <summary>What compiling the core gives.</summary>
/// <param name="Folder">The folder that holds the files.</param>
public sealed record CoreFiles(string Folder)
{
    /// <summary>The hypervisor: an EFI application.</summary>
    public string Efi => Path.Combine(Folder, "core.efi");

    /// <summary>What tells about it.</summary>
    public SymbolFiles Symbols => new(Path.Combine(Folder, SymbolFiles.FolderName));
}
