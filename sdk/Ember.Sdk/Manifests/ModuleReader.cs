using System.Collections.Generic;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>Reads the <c>modules</c> of a [[vm]] table.</summary>
/// <param name="file">The manifest's path as it was given; modules are relative to its folder.</param>
/// <param name="table">The machine's table.</param>
/// <param name="owner">The machine, for messages.</param>
internal sealed class ModuleReader(string file, ManifestTable table, string owner)
{
    private const string Key = "modules";
    private const string Forms = "paths or { file = \"path\", text = \"line\" }";

    /// <summary>Reads the list; empty when there is none.</summary>
    /// <param name="initrd">The module before them, if there is one.</param>
    /// <param name="protocol">How the machine starts.</param>
    /// <exception cref="EmberException">Something in it is wrong (exit code 2).</exception>
    public IReadOnlyList<ManifestModule> Read(PayloadSource? initrd, BootProtocol protocol)
    {
        List<ManifestModule> modules = initrd is null ? [] : [new ManifestModule(initrd, "")];
        if (table.Find(Key) is not { } node)
        {
            return modules;
        }

        if (protocol == BootProtocol.Linux64)
        {
            throw table.Error(Key, node, "are for boot \"pvh\" and \"multiboot\"; a Linux kernel takes an initrd");
        }

        if (node is not TomlList list)
        {
            throw table.Error(Key, node, $"is {node.Kind}; an array of {Forms} is needed");
        }

        foreach (TomlNode item in list.Items)
        {
            modules.Add(ReadModule(item));
        }

        return modules.Count <= PlanMachine.MaximumModuleCount
            ? modules
            : throw table.Error(Key, node, $"are {modules.Count} with the initrd; {PlanMachine.MaximumModuleCount} is the most");
    }

    private ManifestModule ReadModule(TomlNode item)
    {
        string module = $"{owner}: module";
        ManifestPosition position = new(file, item.Line);
        switch (item)
        {
            case TomlText path:
                return new ManifestModule(new FileSource(position, module, table.Locate(Key, path)), "");
            case TomlMap map:
                ManifestTable entry = new(file, module, map, "file", "text");
                entry.RefuseUnknownKeys();
                FileSource source = new(position, module, entry.Locate("file", entry.RequireText("file")));
                return new ManifestModule(source, entry.FindLine("text"));
            default:
                throw table.Error(Key, item, $"has {item.Kind} in it; {Forms} are needed");
        }
    }
}
