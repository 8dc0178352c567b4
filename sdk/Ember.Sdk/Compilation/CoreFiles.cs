using System.IO;

namespace Ember.Sdk.Compilation;

/// <summary>What compiling the core gives.</summary>
/// <param name="Folder">The folder that holds the files.</param>
public sealed record CoreFiles(string Folder)
{
    /// <summary>The hypervisor: an EFI application.</summary>
    public string Efi => Path.Combine(Folder, "core.efi");

    /// <summary>The linker's map: which function lies where.</summary>
    public string Map => Path.Combine(Folder, "core.map");

    /// <summary>The compiler's size report, as tools for NativeAOT read it.</summary>
    public string Mstat => Path.Combine(Folder, "core.mstat");
}
