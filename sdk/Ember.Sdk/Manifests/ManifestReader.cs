using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Ember.Formats.Plans;

namespace Ember.Sdk.Manifests;

/// <summary>Reads appliance.toml. Everything in it is checked here, before anything is fetched or built.</summary>
public static class ManifestReader
{
    /// <summary>Every key that a manifest itself may have.</summary>
    internal static readonly IReadOnlyList<string> Keys =
        ["appliance", "image", "signing", "update", "budget", "board", "lab", "vm", ManifestVariants.Key];

    /// <summary>Every key that [appliance] may have.</summary>
    internal static readonly IReadOnlyList<string> ApplianceKeys =
        ["name", "vendor", "product", "version", "banner", "logo", "security_version", "after_last_vm"];

    /// <summary>Every key that [lab] may have.</summary>
    internal static readonly IReadOnlyList<string> LabKeys = ["crash"];

    /// <summary>The most characters of an appliance's, a machine's or a variant's name.</summary>
    internal const int LongestName = 31;

    private const int LongestProduct = 31;
    private const int LongestVersion = 15;
    private const int LongestVendor = 63;
    private const int LongestBanner = 63;
    private const int LargestFile = 1 << 20;

    /// <summary>Reads a manifest.</summary>
    /// <param name="path">The file; it appears in messages as given.</param>
    /// <param name="variant">The variant whose values go over the others; null for none.</param>
    /// <exception cref="EmberException">It is absent or wrong, or has no such variant (exit code 2). The message begins with
    /// file and line and says what is allowed instead.</exception>
    public static Manifest Read(string path, string? variant = null)
    {
        TomlMap document = TomlDocument.Read(Load(path), path);
        new ManifestTable(path, "the manifest", document, Keys).RefuseUnknownKeys();
        ManifestVariants variants = new(path, document);
        ManifestTable root = new(path, "the manifest", variant is null ? document : variants.Apply(variant), Keys);
        ManifestTable appliance = Table(root, path, "appliance", ApplianceKeys)
            ?? throw new EmberException(ErrorKind.Input, $"{path}: the [appliance] table is missing");
        ManifestTable? lab = Table(root, path, "lab", LabKeys);
        return new Manifest
        {
            Path = path,
            Variant = variant,
            Variants = variants.Names,
            Name = appliance.RequireIdentifier("name", LongestName),
            Vendor = appliance.RequireName("vendor", LongestVendor),
            Product = appliance.RequireName("product", LongestProduct),
            Version = appliance.RequireName("version", LongestVersion),
            Banner = appliance.FindLine("banner", LongestBanner),
            Logo = appliance.FindText("logo") is { } logo ? appliance.Locate("logo", logo) : null,
            SecurityVersion = (uint)appliance.FindInteger("security_version", 0, uint.MaxValue, 0),
            AfterLastMachine = appliance.FindWord(
                "after_last_vm", ("power-off", AfterLastMachine.PowerOff), ("stay", AfterLastMachine.Stay)),
            Image = ImageReader.Read(path, Table(root, path, "image", ImageReader.Keys), appliance.Position),
            Signing = SigningReader.Read(path, Table(root, path, "signing", SigningReader.Keys)),
            Budget = BudgetReader.Read(path, Table(root, path, "budget", BudgetReader.Keys)),
            UpdateAddress = UpdateReader.Read(Table(root, path, "update", UpdateReader.Keys)),
            BoardSources = BoardReader.Read(Table(root, path, "board", BoardReader.Keys)),
            LabCrash = lab?.FindWord(
                "crash",
                ("none", LabCrash.None),
                ("invalid-opcode", LabCrash.InvalidOpcode),
                ("page-fault", LabCrash.PageFault),
                ("stack-overflow", LabCrash.StackOverflow),
                ("check-failed", LabCrash.CheckFailed)) ?? LabCrash.None,
            Machines = ReadMachines(root, path),
        };
    }

    private static string Load(string path)
    {
        try
        {
            if (Directory.Exists(path))
            {
                throw new EmberException(ErrorKind.Input, $"{path}: is a folder; name the appliance.toml in it");
            }

            if (new FileInfo(path).Length > LargestFile)
            {
                throw new EmberException(ErrorKind.Input, $"{path}: is larger than {ByteSize.Format(LargestFile)}: no manifest");
            }

            UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
            return strict.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF');
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: not found; a folder with an appliance.toml is needed", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: cannot be read: {e.Message}", e);
        }
        catch (DecoderFallbackException e)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: is not UTF-8; TOML has to be", e);
        }
    }

    private static ManifestTable? Table(ManifestTable root, string path, string key, params IReadOnlyList<string> keys)
    {
        if (root.Find(key) is not { } node)
        {
            return null;
        }

        TomlMap map = node as TomlMap ?? throw root.Error($"'{key}'", node, $"is {node.Kind}; write [{key}] once");
        ManifestTable table = new(path, $"[{key}]", map, keys);
        table.RefuseUnknownKeys();
        return table;
    }

    private static List<ManifestMachine> ReadMachines(ManifestTable root, string path)
    {
        if (root.Find("vm") is not { } node)
        {
            throw new EmberException(ErrorKind.Input, $"{path}: no [[vm]] table; an appliance runs at least one virtual machine");
        }

        if (node is not TomlList list || list.Items.Count == 0 || list.Items.Any(item => item is not TomlMap))
        {
            throw root.Error("'vm'", node, $"is {node.Kind}; write [[vm]] before each virtual machine");
        }

        if (list.Items.Count > PlanHeader.MaximumCount)
        {
            throw root.Error(
                "'vm'", list.Items[PlanHeader.MaximumCount], $"appears {list.Items.Count} times; {PlanHeader.MaximumCount} is the most");
        }

        List<ManifestMachine> machines = [];
        foreach (TomlMap map in list.Items.Cast<TomlMap>())
        {
            ManifestMachine machine = MachineReader.Read(path, map, LongestName);
            if (machines.FirstOrDefault(other => other.Name == machine.Name) is { } other)
            {
                throw machine.Position.Error($"vm '{machine.Name}': the name is taken by the one in line {other.Position.Line}");
            }

            machines.Add(machine);
        }

        return machines;
    }
}
