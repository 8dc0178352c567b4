using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Formats.Plans;
using Ember.Sdk.Manifests;
using Ember.Sdk.MSBuild.Tasks;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

namespace Ember.Sdk.MSBuild.Tests;

/// <summary>Properties and items of a project say what a manifest says.</summary>
public sealed class WriteManifestTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ember-manifest-");
    private readonly BuildEngine _engine = new();

    public WriteManifestTests()
    {
        foreach (string file in new[] { "kernel", "init", "probe.cfg" })
        {
            File.WriteAllText(Path.Combine(_folder.FullName, file), file);
        }
    }

    private string Manifest => Path.Combine(_folder.FullName, "obj", "appliance.toml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Properties_become_the_keys_of_their_tables()
    {
        Manifest manifest = Written(
            [Key("image.label", "EDGE"), Key("image.size", ""), Key("budget.core", "208KiB"), Number("appliance.security_version", "7")],
            [Machine("web")]);
        Assert.Equal("Edge \"quoted\" \\ server", manifest.Product);
        Assert.Equal("EDGE", manifest.Image.Label);
        Assert.Equal(208 << 10, manifest.Budget.Core?.Bytes);
        Assert.Equal(7u, manifest.SecurityVersion);
    }

    [Fact]
    public void Metadata_of_virtual_machines_become_their_keys()
    {
        ITaskItem item = Machine("web", ("Cpus", "2"), ("Start", "false"), ("Pin", "0;3"), ("CommandLine", "quiet"), ("Restart", "always"),
            ("Initrd", "busybox:init"));
        ManifestMachine machine = Assert.Single(Written([], [item]).Machines);
        Assert.Equal("web", machine.Name);
        Assert.Equal(2u, machine.ProcessorCount);
        Assert.Equal(StartPolicy.OnRequest, machine.Start);
        Assert.Equal(0b1001u, machine.Affinity);
        Assert.Equal("quiet", machine.CommandLine);
        Assert.Equal(RestartPolicy.Always, machine.Restart);
        Assert.Equal(PathOf("kernel"), Assert.IsType<FileSource>(machine.Kernel).File);
        Assert.Equal(PathOf("init"), Assert.IsType<BusyboxSource>(Assert.Single(machine.Modules).Source).Script);
    }

    [Fact]
    public void Payloads_become_modules_of_their_machine_in_order()
    {
        TaskItem first = new("probe.cfg", new Dictionary<string, string> { ["VirtualMachine"] = "probe", ["Text"] = "config" });
        TaskItem second = new("init", new Dictionary<string, string> { ["VirtualMachine"] = "probe" });
        IReadOnlyList<ManifestMachine> machines =
            Written([], [Machine("web"), Machine("probe", ("Boot", "pvh"))], [first, second]).Machines;
        Assert.Empty(machines[0].Modules);
        Assert.Equal(["config", ""], machines[1].Modules.Select(module => module.Text));
        Assert.Equal([PathOf("probe.cfg"), PathOf("init")], machines[1].Modules.Select(module => ((FileSource)module.Source).File));
    }

    [Fact]
    public void A_payload_of_an_unknown_machine_is_an_error_of_the_build()
    {
        TaskItem payload = new("probe.cfg", new Dictionary<string, string> { ["VirtualMachine"] = "wbe" });
        Assert.False(Task([], [Machine("web")], [payload]).Execute());
        BuildErrorEventArgs error = Assert.Single(_engine.Errors);
        Assert.Equal("EMBER2", error.Code);
        Assert.Equal("payload 'probe.cfg': no virtual machine 'wbe'; set VirtualMachine to one of web", error.Message);
    }

    [Fact]
    public void Unknown_metadata_are_refused_with_a_suggestion()
    {
        EmberException e = Assert.Throws<EmberException>(() => Written([], [Machine("web", ("Memry", "1GiB"))]));
        Assert.EndsWith("vm 'web': unknown key 'memry'; did you mean 'memory'?", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_folder_of_the_project_does_not_show()
    {
        TaskItem payload = new("probe.cfg", new Dictionary<string, string> { ["VirtualMachine"] = "web" });
        Written([], [Machine("web", ("Boot", "pvh"), ("Initrd", "busybox:init"))], payload);
        Assert.DoesNotContain(_folder.Name, File.ReadAllText(Manifest), StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_that_says_the_same_is_not_written_again()
    {
        Written([], [Machine("web")]);
        File.SetLastWriteTimeUtc(Manifest, DateTime.UnixEpoch);
        Written([], [Machine("web")]);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Manifest));
        Written([], [Machine("web", ("Cpus", "2"))]);
        Assert.NotEqual(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(Manifest));
    }

    private Manifest Written(ITaskItem[] keys, ITaskItem[] machines, params ITaskItem[] payloads)
    {
        Assert.True(Task(keys, machines, payloads).Execute());
        return ManifestReader.Read(Manifest);
    }

    private WriteManifest Task(ITaskItem[] keys, ITaskItem[] machines, ITaskItem[] payloads) => new()
    {
        BuildEngine = _engine,
        Keys =
        [
            Key("appliance.name", "edge"), Key("appliance.vendor", "Vendor"), Key("appliance.product", "Edge \"quoted\" \\ server"),
            Key("appliance.version", "1.0"), .. keys.OrderBy(key => key.ItemSpec, StringComparer.Ordinal),
        ],
        VirtualMachines = machines,
        Payloads = payloads,
        Project = Path.Combine(_folder.FullName, "edge.proj"),
        Manifest = Manifest,
    };

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private static TaskItem Key(string name, string value) => new(name, new Dictionary<string, string> { ["Value"] = value });

    private static TaskItem Number(string name, string value) =>
        new(name, new Dictionary<string, string> { ["Value"] = value, ["Kind"] = "number" });

    private static TaskItem Machine(string name, params (string Name, string Value)[] more)
    {
        TaskItem item = new(name);
        item.SetMetadata("Memory", "64MiB");
        item.SetMetadata("Kernel", "kernel");
        foreach ((string key, string value) in more)
        {
            item.SetMetadata(key, value);
        }

        return item;
    }
}
