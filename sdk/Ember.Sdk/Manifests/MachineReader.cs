using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>Reads one [[vm]] table of a manifest.</summary>
internal static class MachineReader
{
    private const uint UsualWeight = 100;

    /// <summary>Every key the table may have.</summary>
    public static readonly IReadOnlyList<string> Keys =
    [
        "name", "memory", "cpus", "boot", "kernel", "initrd", "modules", "command_line", "restart", "start", "weight", "cap", "pin",
    ];

    /// <summary>Reads the table.</summary>
    /// <param name="file">The manifest's path as it was given; files in the table are relative to its folder.</param>
    /// <param name="map">The table.</param>
    /// <param name="longestName">Of the machine.</param>
    /// <exception cref="EmberException">Something in it is wrong (exit code 2).</exception>
    public static ManifestMachine Read(string file, TomlMap map, int longestName)
    {
        string name = new ManifestTable(file, "[[vm]]", map, Keys).RequireIdentifier("name", longestName);
        string owner = $"vm '{name}'";
        ManifestTable table = new(file, owner, map, Keys);
        table.RefuseUnknownKeys();
        BootProtocol protocol = table.FindWord(
            "boot", ("linux", BootProtocol.Linux64), ("pvh", BootProtocol.Pvh), ("multiboot", BootProtocol.Multiboot));
        PayloadSource? initrd = table.Find("initrd") is { } node ? ReadInitrd(file, owner, table, node) : null;
        return new ManifestMachine
        {
            Position = table.Position,
            Name = name,
            MemoryBytes = ReadMemory(table),
            ProcessorCount = (uint)table.FindInteger("cpus", 1, PlanMachine.MaximumProcessorCount, 1),
            BootProtocol = protocol,
            Kernel = ReadKernel(file, owner, table),
            Modules = new ModuleReader(file, table, owner).Read(initrd, protocol),
            CommandLine = table.FindLine("command_line"),
            Restart = table.FindWord(
                "restart",
                ("never", RestartPolicy.Never),
                ("on-failure", RestartPolicy.OnFailure),
                ("always", RestartPolicy.Always)),
            Start = table.FindBoolean("start", absent: true) ? StartPolicy.WithAppliance : StartPolicy.OnRequest,
            Weight = (uint)table.FindInteger("weight", 1, PlanMachine.MaximumWeight, UsualWeight),
            Cap = (uint)table.FindInteger("cap", 1, PlanMachine.MaximumCap, 0),
            Affinity = ReadAffinity(table),
        };
    }

    private static ulong ReadMemory(ManifestTable table)
    {
        TomlNode node = table.Require("memory");
        ulong bytes = (ulong)(table.FindSize("memory") ?? 0);
        if (bytes is < PlanMachine.MinimumMemoryBytes or > PlanMachine.MaximumMemoryBytes || bytes % PlanMachine.MemoryGranule != 0)
        {
            throw table.Error(
                "memory",
                node,
                $"{ByteSize.Format((long)bytes)} does not fit; a multiple of {ByteSize.Format((long)PlanMachine.MemoryGranule)} "
                + $"from {ByteSize.Format((long)PlanMachine.MinimumMemoryBytes)} to {ByteSize.Format((long)PlanMachine.MaximumMemoryBytes)} does");
        }

        return bytes;
    }

    private static ulong ReadAffinity(ManifestTable table)
    {
        const string key = "pin";
        if (table.Find(key) is not { } node)
        {
            return 0;
        }

        TomlList list = node as TomlList
            ?? throw table.Error(key, node, $"is {node.Kind}; an array of the host's processors is needed, as in [0, 1]");
        const int most = PlanMachine.AffinityProcessors - 1;
        ulong mask = 0;
        foreach (TomlNode item in list.Items)
        {
            if (item is not TomlInteger { Value: >= 0 and <= most } number)
            {
                string found = item is TomlInteger other ? other.Value.ToString(CultureInfo.InvariantCulture) : item.Kind;
                throw table.Error(key, item, $"has {found} in it; processors are numbered 0 to {most}");
            }

            mask |= 1UL << (int)number.Value;
        }

        return mask;
    }

    private static PayloadSource ReadKernel(string file, string owner, ManifestTable table)
    {
        const string forms = "a file's path or { debian = \"package\" }";
        TomlNode node = table.Require("kernel");
        ManifestPosition position = new(file, node.Line);
        owner = $"{owner}: kernel";
        return node switch
        {
            TomlText path => new FileSource(position, owner, table.Locate("kernel", path)),
            TomlMap map => new DebianSource(position, owner, SourceName(file, owner, map, "debian", forms).Value),
            _ => throw table.Error("kernel", node, $"is {node.Kind}; {forms} is needed"),
        };
    }

    private static PayloadSource ReadInitrd(string file, string owner, ManifestTable table, TomlNode node)
    {
        const string forms = "a file's path or { busybox = \"script\" }";
        ManifestPosition position = new(file, node.Line);
        owner = $"{owner}: initrd";
        return node switch
        {
            TomlText path => new FileSource(position, owner, table.Locate("initrd", path)),
            TomlMap map => new BusyboxSource(
                position, owner, table.Locate("initrd", SourceName(file, owner, map, "busybox", forms))),
            _ => throw table.Error("initrd", node, $"is {node.Kind}; {forms} is needed"),
        };
    }

    /// <summary>The one value of a source's table.</summary>
    private static TomlText SourceName(string file, string owner, TomlMap map, string key, string forms)
    {
        ManifestTable table = new(file, owner, map, key);
        table.RefuseUnknownKeys();
        if (map.Entries.Count == 0)
        {
            throw new ManifestPosition(file, map.Line).Error($"{owner} is an empty table; {forms} is needed");
        }

        TomlText text = table.RequireText(key);
        if (key == "debian" && !IsPackageName(text.Value))
        {
            throw table.Error(key, text, $"'{text.Value}' is no package name: two or more of a to z, 0 to 9, '+', '-' and '.'");
        }

        return text;
    }

    /// <summary>Debian Policy 5.6.7; also what keeps a name from being taken for an option.</summary>
    private static bool IsPackageName(string name) =>
        name.Length >= 2
        && char.IsAsciiLetterOrDigit(name[0])
        && name.All(character => char.IsAsciiLetterLower(character) || char.IsAsciiDigit(character) || character is '+' or '-' or '.');
}
