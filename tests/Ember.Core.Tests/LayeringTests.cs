using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Ember.Core.Tests;

/// <summary>
/// Which folder of the appliance's source may know which: read from the source, because half of it is compiled for the bare
/// machine only. A row lists all that a folder may name besides itself; Platform and Formats are whole projects.
/// </summary>
public sealed partial class LayeringTests
{
    private static readonly Dictionary<string, string[]> _mayKnow = new()
    {
        ["Formats"] = [],
        ["Platform"] = ["Formats"],
        ["Loader"] = ["Platform", "Formats"],
        ["Core/Memory"] = ["Platform"],
        ["Core/Console"] = ["Platform"],
        ["Core/Processors"] = ["Core/Memory", "Core/Console", "Platform"],
        ["Core/Devices"] = ["Core/Memory", "Platform", "Formats"],
        ["Core/Virtualization"] = ["Core/Memory", "Platform"],
        ["Core/Scheduling"] = ["Platform"],
        ["Core/Machines"] =
        [
            "Core/Devices", "Core/Virtualization", "Core/Scheduling", "Core/Memory", "Core/Processors", "Core/Console", "Platform",
            "Formats",
        ],
        ["Core/Boards"] = ["Core/Processors", "Platform"],
        ["Core/Startup"] =
        [
            "Core/Machines", "Core/Scheduling", "Core/Devices", "Core/Virtualization", "Core/Memory", "Core/Processors", "Core/Console",
            "Core/Boards", "Platform", "Formats",
        ],
    };

    private static readonly string _source = Path.Combine(FindRoot(), "src");

    /// <summary>Types by the folder that declares them.</summary>
    private static readonly ILookup<string, string> _types = _mayKnow.Keys
        .SelectMany(folder => Files(folder).SelectMany(
            file => Declaration().Matches(Code(file)).Select(match => (Folder: folder, Type: match.Groups[1].Value))))
        .Distinct()
        .ToLookup(pair => pair.Folder, pair => pair.Type);

    public static TheoryData<string> Folders => [.. _mayKnow.Keys];

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_names_only_what_its_layer_may_know(string folder)
    {
        string[] allowed = [folder, .. _mayKnow[folder]];
        List<string> broken = [];
        foreach (string file in Files(folder))
        {
            broken.AddRange(Named(Code(file)).Except(allowed).Select(other => $"{Path.GetRelativePath(_source, file)} names {other}"));
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_folder_has_its_row()
    {
        Assert.Equal(
            _mayKnow.Keys.Where(name => name.StartsWith("Core/", StringComparison.Ordinal)).Order(),
            Directory.GetDirectories(Path.Combine(_source, "Core"))
                .Select(path => "Core/" + Path.GetFileName(path))
                .Where(folder => Files(folder).Any())
                .Order());
    }

    /// <summary>Namespaces follow folders, so that what a using names is where a folder's row says.</summary>
    [Fact]
    public void Every_file_is_in_the_namespace_of_its_folder()
    {
        foreach (string file in _mayKnow.Keys.SelectMany(Files))
        {
            string folder = Path.GetRelativePath(_source, Path.GetDirectoryName(file)!).Replace('/', '.');
            Match match = Namespace().Match(Code(file));
            Assert.Equal((file, "Ember." + folder), (file, match.Groups[1].Value));
        }
    }

    /// <summary>Startup chooses the back end; everything else sees a processor through its interface.</summary>
    [Theory]
    [InlineData("SvmProcessor", "Core/Virtualization/Svm/")]
    [InlineData("VmxProcessor", "Core/Virtualization/Vmx/")]
    public void Only_the_choice_of_a_back_end_names_one(string processor, string folder)
    {
        string[] naming = [.. Files("Core")
            .Where(file => Code(file).Contains(processor, StringComparison.Ordinal))
            .Select(file => Path.GetRelativePath(_source, file))
            .Where(file => !file.StartsWith(folder, StringComparison.Ordinal))];
        Assert.Equal(["Core/Startup/MachineStart.cs"], naming);
    }

    [Theory]
    [InlineData("using Ember.Core.Devices;", "Core/Devices")]
    [InlineData("using Chip = Ember.Core.Devices.Chipset;", "Core/Devices")]
    [InlineData("using static Ember.Platform.Processors.Cpu;", "Platform")]
    [InlineData("private Devices.Chipset _chipset;", "Core/Devices")]
    [InlineData("private Core.Machines.MachineStop _stop;", "Core/Machines")]
    [InlineData("var efer = Platform.Processors.Efer.LongModeActive;", "Platform")]
    [InlineData("using Ember.Core.Virtualization.Svm;", "Core/Virtualization")]
    [InlineData("// using Ember.Core.Devices;", null)]
    [InlineData("_configuration.Memory.TryRead(0, out byte value);", null)]
    public void Names_are_found_however_they_are_written(string line, string? folder)
    {
        Assert.Equal(folder is null ? [] : [folder], Named(WithoutComments(line)));
    }

    /// <summary>Folders that code names: in full, or from the namespaces around it on.</summary>
    private static IEnumerable<string> Named(string code)
    {
        foreach (Match match in QualifiedName().Matches(code))
        {
            string[] parts = match.Value.Split('.');
            int at = parts[0] == "Ember" ? 1 : 0;
            string folder = parts[at];
            if (folder is "Platform" or "Formats")
            {
                yield return folder;
                continue;
            }

            bool inCore = folder == "Core";
            at += inCore ? 1 : 0;
            folder = at < parts.Length ? "Core/" + parts[at] : "Core";

            // A property may be called like a folder; a type behind it tells.
            if (_mayKnow.ContainsKey(folder) && (inCore || parts.Skip(at + 1).Any(_types[folder].Contains)))
            {
                yield return folder;
            }
        }
    }

    private static IEnumerable<string> Files(string folder) => Directory
        .EnumerateFiles(Path.Combine(_source, folder), "*.cs", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file) != "AssemblyInfo.cs" && !file.Contains("/obj/", StringComparison.Ordinal));

    private static string Code(string file) => WithoutComments(File.ReadAllText(file));

    private static string WithoutComments(string text) => Comment().Replace(text, "");

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Embedded.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("the tests must run inside the repository: they read its source");
    }

    [GeneratedRegex(@"//.*|""(?:\\.|[^""\\])*""")]
    private static partial Regex Comment();

    [GeneratedRegex(@"\b(?:struct|class|enum|interface|record)\s+(\w+)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"(?<![\w.])(?<!namespace )(?:Ember|Core|Platform|Formats|Memory|Console|Processors|Devices|Virtualization|Machines|Startup)(?:\.\w+)+")]
    private static partial Regex QualifiedName();
}
