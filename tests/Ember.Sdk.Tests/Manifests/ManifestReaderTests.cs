using System;
using System.IO;
using System.Linq;
using CsCheck;
using Ember.Formats.Plans;
using Ember.Sdk.Images;
using Ember.Sdk.Manifests;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Manifests;

public sealed class ManifestReaderTests
{
    [Fact]
    public void An_initrd_is_the_first_of_the_modules()
    {
        using TemporaryFolder folder = new();
        string text = ManifestText.Good.Replace(
            "boot = \"linux\"",
            "boot = \"multiboot\"\nmodules = [\"vmlinuz\", { file = \"init\", text = \"a b\" }]",
            StringComparison.Ordinal);

        ManifestMachine machine = Assert.Single(ManifestReader.Read(ManifestText.Write(folder, text)).Machines);

        Assert.Equal(BootProtocol.Multiboot, machine.BootProtocol);
        Assert.Equal(["", "", "a b"], machine.Modules.Select(module => module.Text));
        Assert.IsType<BusyboxSource>(machine.Modules[0].Source);
        Assert.Equal(
            [folder["vmlinuz"], folder["init"]], machine.Modules.Skip(1).Select(module => ((FileSource)module.Source).File));
    }

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        using TemporaryFolder folder = new();

        Manifest manifest = ManifestReader.Read(ManifestText.Write(folder, ManifestText.Good));

        Assert.Equal("edge", manifest.Name);
        Assert.Equal("Contoso", manifest.Vendor);
        Assert.Equal("Edge Box", manifest.Product);
        Assert.Equal("1.4.0", manifest.Version);
        Assert.Equal(AfterLastMachine.Stay, manifest.AfterLastMachine);
        Assert.Equal(128L << 20, manifest.Image.Layout.ImageSize);
        Assert.Equal(8, manifest.Image.Position.Line);
        Assert.Equal("EDGE", manifest.Image.Label);
        Assert.Equal(LabCrash.PageFault, manifest.LabCrash);
        Assert.Equal((128L << 10, 26), (manifest.Budget.Core!.Bytes, manifest.Budget.Core.Position.Line));
        Assert.Equal((4L << 10, 27), (manifest.Budget.Growth!.Bytes, manifest.Budget.Growth.Position.Line));
        Assert.Equal(folder["footprint.json"], manifest.Budget.Baseline);
        (string space, BudgetLimit limit) = Assert.Single(manifest.Budget.Namespaces);
        Assert.Equal(("Ember.Core.Devices", 64L << 10, 30), (space, limit.Bytes, limit.Position.Line));
        ManifestMachine machine = Assert.Single(manifest.Machines);
        Assert.Equal("web", machine.Name);
        Assert.Equal(10, machine.Position.Line);
        Assert.Equal(256ul << 20, machine.MemoryBytes);
        Assert.Equal(1u, machine.ProcessorCount);
        Assert.Equal(BootProtocol.Linux64, machine.BootProtocol);
        Assert.Equal(folder["vmlinuz"], Assert.IsType<FileSource>(machine.Kernel).File);
        Assert.Equal(folder["init"], Assert.IsType<BusyboxSource>(Assert.Single(machine.Modules).Source).Script);
        Assert.Equal("console=ttyS0", machine.CommandLine);
        Assert.Equal((RestartPolicy.OnFailure, StartPolicy.OnRequest), (machine.Restart, machine.Start));
        Assert.Equal((200u, 150u, 0x8000_0000_0000_0001), (machine.Weight, machine.Cap, machine.Affinity));
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        using TemporaryFolder folder = new();

        Manifest manifest = ManifestReader.Read(ManifestText.Write(
            folder,
            """
            appliance = { name = "a", vendor = "v", product = "p", version = "1" }
            [[vm]]
            name = "x"
            memory = "16MiB"
            kernel.debian = "linux-image-cloud-amd64"
            """));

        Assert.Equal(AfterLastMachine.PowerOff, manifest.AfterLastMachine);
        Assert.Equal(KeyLayout.Standard, manifest.Image.Layout);
        Assert.True(manifest.Image.HasSecondBank);
        Assert.Null(manifest.Signing);
        Assert.Equal(0u, manifest.SecurityVersion);
        Assert.Equal("EMBER", manifest.Image.Label);
        Assert.Equal(LabCrash.None, manifest.LabCrash);
        Assert.Null(manifest.Budget.Core);
        Assert.Null(manifest.Budget.Growth);
        Assert.Null(manifest.Budget.Baseline);
        Assert.Empty(manifest.Budget.Namespaces);
        ManifestMachine machine = Assert.Single(manifest.Machines);
        Assert.Equal(1u, machine.ProcessorCount);
        Assert.Empty(machine.Modules);
        Assert.Equal("", machine.CommandLine);
        Assert.Equal((RestartPolicy.Never, StartPolicy.WithAppliance), (machine.Restart, machine.Start));
        Assert.Equal((100u, 0u, 0ul), (machine.Weight, machine.Cap, machine.Affinity));
        Assert.Equal("linux-image-cloud-amd64", Assert.IsType<DebianSource>(machine.Kernel).Package);
    }

    [Fact]
    public void Tables_of_a_machine_belong_to_the_one_above_them()
    {
        using TemporaryFolder folder = new();
        string head = ManifestText.Good[..ManifestText.Good.IndexOf("[[vm]]", StringComparison.Ordinal)];

        Manifest manifest = ManifestReader.Read(ManifestText.Write(
            folder,
            head + """
            [[vm]]
            name = "one"
            memory = "32MiB"
            [vm.kernel]
            debian = "first"
            [[vm]]
            name = "two"
            memory = "64MiB"
            [vm.kernel]
            debian = "second"
            """));

        Assert.Equal(["one first", "two second"], manifest.Machines.Select(m => $"{m.Name} {((DebianSource)m.Kernel).Package}"));
    }

    [Fact]
    public void The_reference_manifest_is_good()
    {
        string path = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(path, "global.json")))
        {
            path = Path.GetDirectoryName(path)!;
        }

        Manifest manifest = ManifestReader.Read(Path.Combine(path, "images", "usb-key", "appliance.toml"));

        Assert.Equal("linux", Assert.Single(manifest.Machines).Name);
        Assert.Equal(208L << 10, manifest.Budget.Core!.Bytes);
        Assert.Equal(LabCrash.None, manifest.LabCrash);
    }

    [Fact]
    public void An_absent_manifest_a_folder_and_bytes_that_are_no_text_are_told_apart()
    {
        using TemporaryFolder folder = new();
        File.WriteAllBytes(folder["bytes"], [0xFF, 0xFE, 0x80]);
        File.WriteAllBytes(folder["huge"], new byte[(1 << 20) + 1]);

        Assert.Contains("not found", Refuse(folder["nothing"]), StringComparison.Ordinal);
        Assert.Contains("is a folder", Refuse(folder.Path), StringComparison.Ordinal);
        Assert.Contains("is not UTF-8", Refuse(folder["bytes"]), StringComparison.Ordinal);
        Assert.Contains("is larger than 1MiB", Refuse(folder["huge"]), StringComparison.Ordinal);

        static string Refuse(string path)
        {
            EmberException e = Assert.Throws<EmberException>(() => ManifestReader.Read(path));
            Assert.Equal(ErrorKind.Input, e.Kind);
            Assert.StartsWith(path + ": ", e.Message, StringComparison.Ordinal);
            return e.Message;
        }
    }

    /// <summary>Text that was hacked about is read or refused with a position, never anything else.</summary>
    [Fact]
    public void Mangled_text_is_refused_in_words()
    {
        using TemporaryFolder folder = new();
        string path = ManifestText.Write(folder, ManifestText.Good);
        Gen<string> piece = Gen.OneOf(Gen.String[0, 3], Gen.Char["[]{}=\"'#.,\n\\ \t0a"].Array[1, 4].Select(c => new string(c)));
        Gen.Select(Gen.Int[0, ManifestText.Good.Length - 1], Gen.Int[0, 12], piece).Array[1, 3].Sample(
            cuts =>
            {
                string text = ManifestText.Good;
                foreach ((int at, int length, string with) in cuts)
                {
                    int start = Math.Min(at, text.Length);
                    text = text.Remove(start, Math.Min(length, text.Length - start)).Insert(start, with);
                }

                File.WriteAllText(path, text);
                try
                {
                    _ = ManifestReader.Read(path);
                }
                catch (EmberException e)
                {
                    Assert.Equal(ErrorKind.Input, e.Kind);
                    Assert.StartsWith(path + ":", e.Message, StringComparison.Ordinal);
                }
            },
            threads: 1);
    }
}
