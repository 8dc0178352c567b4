using System;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;
using Ember.Formats.Plans;
using Ember.Guests;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;

namespace Ember.Sdk.Tests.Payloads;

public sealed class ApplianceCompilerTests : IDisposable
{
    private const string Head =
        """
        [appliance]
        name = "edge"
        vendor = "Contoso"
        product = "Edge Box"
        version = "1.4.0"
        after_last_vm = "stay"

        """;

    private const string Lab = "[lab]\ncrash = \"stack-overflow\"\n";

    private readonly FakeDebian _debian = new();

    public ApplianceCompilerTests()
    {
        _debian.Offer("linux-image-1", "", new() { ["boot/vmlinuz-1"] = SmallKernel.Make() });
        _debian.Offer("busybox-static", "", new() { ["bin/busybox"] = [.. "the box"u8] });
        File.WriteAllBytes(_debian["vmlinuz"], SmallKernel.Make());
        File.WriteAllText(_debian["init"], "#!/bin/sh\n");
        File.WriteAllText(_debian["initrd"], "an initial RAM disk");
    }

    public void Dispose() => _debian.Dispose();

    [Fact]
    public async Task The_cores_reader_finds_what_the_manifest_says()
    {
        CompiledAppliance compiled = await CompileAsync(
            Machine("one", "{ debian = \"linux-image-1\" }", "{ busybox = \"init\" }", "console=ttyS0 one")
            + Machine("two", "\"vmlinuz\"", null, "")
            + Machine("three", "{ debian = \"linux-image-1\" }", "\"initrd\"", "three")
            + Lab);

        Assert.Equal(PlanStatus.Good, Plan.TryRead(compiled.Plan.Span, out Plan plan));
        Assert.Equal("Edge Box", Text(Plan.ProductOf(in plan.Header)));
        Assert.Equal("1.4.0", Text(Plan.ProductVersionOf(in plan.Header)));
        Assert.Equal(AfterLastMachine.Stay, plan.Header.AfterLastMachine);
        Assert.Equal(LabCrash.StackOverflow, plan.Header.LabCrash);
        Assert.Equal(["vmlinuz-1", "one-initrd.cpio", "vmlinuz", "initrd"], compiled.Payloads.Select(file => file.Name));
        Assert.Equal(4u, plan.Header.PayloadCount);
        for (int i = 0; i < 4; i++)
        {
            byte[] content = File.ReadAllBytes(compiled.Payloads[i].Path);
            Assert.Equal(compiled.Payloads[i].Name, Text(Plan.NameOf(in plan.Payload(i))));
            Assert.Equal((ulong)content.Length, plan.Payload(i).Length);
            Assert.Equal(XxHash3.HashToUInt64(content), plan.Payload(i).Xxh3);
            ReadOnlySpan<byte> digest = plan.Payload(i).Sha256;
            Assert.Equal(SHA256.HashData(content), digest.ToArray());
        }

        Assert.Equal(3u, plan.Header.MachineCount);
        Assert.Equal(("one", 0u, 1u, "console=ttyS0 one"), Describe(plan, 0));
        Assert.Equal(("two", 2u, null, ""), Describe(plan, 1));
        Assert.Equal(("three", 0u, 3u, "three"), Describe(plan, 2));
        Assert.Equal(32ul << 20, plan.Machine(1).MemoryBytes);
        Assert.Equal(BootProtocol.Linux64, plan.Machine(1).BootProtocol);
        Assert.Equal(1u, plan.Machine(1).ProcessorCount);
    }

    [Fact]
    public async Task The_same_manifest_gives_the_same_plan()
    {
        string text = Machine("one", "{ debian = \"linux-image-1\" }", "{ busybox = \"init\" }", "");

        byte[] first = (await CompileAsync(text)).Plan.ToArray();
        Directory.Delete(_debian.Cache, recursive: true);
        Directory.Delete(_debian["payloads"], recursive: true);

        Assert.Equal(first, (await CompileAsync(text)).Plan.ToArray());
    }

    [Fact]
    public async Task Files_of_one_name_are_told_apart_by_their_machines()
    {
        Directory.CreateDirectory(_debian["other"]);
        File.WriteAllBytes(_debian["other/VMLINUZ"], [.. SmallKernel.Make(), 1]);

        CompiledAppliance compiled = await CompileAsync(
            Machine("one", "\"vmlinuz\"", null, "") + Machine("two", "\"other/VMLINUZ\"", null, ""));

        Assert.Equal(["vmlinuz", "two-VMLINUZ"], compiled.Payloads.Select(file => file.Name));
    }

    [Theory]
    [InlineData("appliance.plan")]
    [InlineData("update.address")]
    [InlineData("LOGO.BMP")]
    public async Task A_file_named_as_one_of_the_banks_own_does_not_replace_it(string name)
    {
        File.WriteAllBytes(_debian[name], SmallKernel.Make());

        CompiledAppliance compiled = await CompileAsync(Machine("one", $"\"{name}\"", null, ""));

        Assert.Equal($"one-{name}", Assert.Single(compiled.Payloads).Name);
    }

    [Fact]
    public async Task A_kernel_that_is_none_or_cut_short_is_told()
    {
        File.WriteAllBytes(_debian["cut"], SmallKernel.Make()[..1000]);
        _debian.Offer("linux-image-cut", "", new() { ["boot/vmlinuz-2"] = SmallKernel.Make()[..1000] });

        await RefuseAsync(Machine("one", "\"cut\"", null, ""), "10: vm 'one': kernel 'cut' is truncated: 1000 bytes of 1088");
        await RefuseAsync(
            Machine("one", "{ debian = \"linux-image-cut\" }", null, ""),
            "10: vm 'one': kernel 'vmlinuz-2' is truncated: 1000 bytes of 1088");
        await RefuseAsync(
            Machine("one", "\"initrd\"", null, ""),
            "10: vm 'one': kernel 'initrd' is truncated: 19 bytes are less than a kernel's header");
    }

    [Fact]
    public async Task Memory_that_does_not_hold_kernel_and_initrd_is_told()
    {
        File.WriteAllBytes(_debian["vmlinuz"], SmallKernel.Make(30 << 20));
        using (FileStream initrd = File.OpenWrite(_debian["initrd"]))
        {
            initrd.SetLength((1 << 20) + 1);
        }

        await RefuseAsync(
            Machine("one", "\"vmlinuz\"", "\"initrd\"", ""),
            "7: vm 'one': memory 32MiB does not fit its kernel and initrd; 34MiB is the least");
        _ = await CompileAsync(Machine("one", "\"vmlinuz\"", null, ""));
    }

    [Fact]
    public async Task Modules_and_their_texts_are_what_the_core_reads()
    {
        File.WriteAllBytes(_debian["pvh.elf"], PvhGuest.Build());
        File.WriteAllBytes(_debian["multiboot.elf"], MultibootGuest.BuildElf());

        CompiledAppliance compiled = await CompileAsync(
            Started("one", "pvh", "pvh.elf", "initrd = \"initrd\"\nmodules = [{ file = \"init\", text = \"a script\" }]\n")
            + Started("two", "multiboot", "multiboot.elf", "modules = [\"initrd\", \"vmlinuz\"]\ncommand_line = \"x=1\"\n"));

        Assert.Equal(PlanStatus.Good, Plan.TryRead(compiled.Plan.Span, out Plan plan));
        Assert.Equal((BootProtocol.Pvh, BootProtocol.Multiboot), (plan.Machine(0).BootProtocol, plan.Machine(1).BootProtocol));
        Assert.Equal([("initrd", ""), ("init", "a script")], Modules(plan, 0));
        Assert.Equal([("initrd", ""), ("vmlinuz", "")], Modules(plan, 1));
        Assert.Equal("x=1", Text(plan.CommandLine(in plan.Machine(1))));
    }

    [Fact]
    public async Task How_machines_share_the_processors_reaches_the_plan()
    {
        CompiledAppliance compiled = await CompileAsync(
            Machine("one", "\"vmlinuz\"", null, "")
            + "cpus = 16\nrestart = \"always\"\nstart = false\nweight = 300\ncap = 250\npin = [3, 1]\n"
            + Machine("two", "\"vmlinuz\"", null, "") + "restart = \"on-failure\"\n");

        Assert.Equal(PlanStatus.Good, Plan.TryRead(compiled.Plan.Span, out Plan plan));
        Assert.Equal((16u, RestartPolicy.Always, StartPolicy.OnRequest, 300u, 250u, 0b1010ul), Scheduling(in plan.Machine(0)));
        Assert.Equal((1u, RestartPolicy.OnFailure, StartPolicy.WithAppliance, 100u, 0u, 0ul), Scheduling(in plan.Machine(1)));
    }

    [Fact]
    public async Task A_kernel_the_core_would_refuse_is_told_in_its_words()
    {
        File.WriteAllBytes(_debian["pvh.elf"], PvhGuest.Build());
        File.WriteAllBytes(_debian["video.elf"], MultibootGuest.BuildElf(4));
        using (FileStream initrd = File.OpenWrite(_debian["initrd"]))
        {
            initrd.SetLength(31 << 20);
        }

        await RefuseAsync(
            Started("one", "pvh", "vmlinuz", ""),
            "11: vm 'one': kernel is not an ELF file; give the linked kernel, not compressed");
        await RefuseAsync(
            Started("one", "multiboot", "pvh.elf", ""),
            "11: vm 'one': kernel has no Multiboot 1 header in its first 8 KiB; give a Multiboot kernel");
        await RefuseAsync(
            Started("one", "multiboot", "video.elf", ""),
            "11: vm 'one': kernel requires a video mode (Multiboot flag 2), and there is no screen; build it without");
        await RefuseAsync(
            Started("one", "pvh", "pvh.elf", "modules = [\"initrd\"]\n"),
            "11: vm 'one': modules do not fit above the kernel; give the VM more memory");
    }

    [Theory]
    [InlineData("echo hello\n", "does not begin with '#!'; its first line has to be '#!/bin/sh'")]
    [InlineData("", "does not begin with '#!'; its first line has to be '#!/bin/sh'")]
    [InlineData("#!", "does not begin with '#!'; its first line has to be '#!/bin/sh'")]
    [InlineData("\n#!/bin/sh\n", "does not begin with '#!'; its first line has to be '#!/bin/sh'")]
    [InlineData("#!/bin/sh\r\necho\r\n", "has lines ending with CR LF; end them with LF")]
    public async Task A_script_the_kernel_cannot_start_is_told(string script, string expected)
    {
        File.WriteAllText(_debian["init"], script);

        await RefuseAsync(Machine("one", "\"vmlinuz\"", "{ busybox = \"init\" }", ""), $"11: vm 'one': initrd 'init' {expected}");
    }

    [Fact]
    public async Task A_file_that_cannot_be_on_the_key_is_told()
    {
        string longest = new('k', 48);
        foreach (string name in (string[])[longest, "küche", "a:b", ".hidden"])
        {
            File.WriteAllBytes(_debian[name], SmallKernel.Make());
        }

        File.WriteAllBytes(_debian["empty"], []);

        await RefuseAsync(
            Machine("one", $"\"{longest}\"", null, ""),
            $"10: vm 'one': kernel '{longest}' is a name of 48 characters; 47 is the most on the key");
        foreach (string name in (string[])["küche", "a:b", ".hidden"])
        {
            await RefuseAsync(
                Machine("one", $"\"{name}\"", null, ""),
                $"10: vm 'one': kernel '{name}' cannot be a file's name on the key; use letters, digits, '-', '_' and '.'");
        }

        await RefuseAsync(
            Machine("one", "\"vmlinuz\"", "\"empty\"", ""), "11: vm 'one': initrd 'empty' has 0 bytes; 1 to 4294967295 are possible");
    }

    [Fact]
    public async Task A_payload_too_many_is_told()
    {
        string machines = "";
        for (int i = 0; i < 33; i++)
        {
            File.WriteAllBytes(_debian[$"k{i}"], SmallKernel.Make());
            File.WriteAllText(_debian[$"i{i}"], "initrd");
            machines += Machine($"vm{i}", $"\"k{i}\"", $"\"i{i}\"", "");
        }

        await RefuseAsync(machines, "202: vm 'vm32': kernel is one payload too many; 64 different files is the most");
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_the_hosts_fault()
    {
        File.WriteAllText(_debian["payloads"], "in the way");

        EmberException e = await Assert.ThrowsAsync<EmberException>(
            () => CompileAsync(Machine("one", "\"vmlinuz\"", "{ busybox = \"init\" }", "")));

        Assert.Equal(ErrorKind.Host, e.Kind);
    }

    private static string Machine(string name, string kernel, string? initrd, string commandLine) =>
        $"[[vm]]\nname = \"{name}\"\nmemory = \"32MiB\"\nkernel = {kernel}\n"
        + (initrd is null ? "" : $"initrd = {initrd}\n")
        + $"command_line = \"{commandLine}\"\n";

    private static string Started(string name, string boot, string kernel, string more) =>
        $"[[vm]]\nname = \"{name}\"\nmemory = \"32MiB\"\nboot = \"{boot}\"\nkernel = \"{kernel}\"\n{more}";

    private static (string Name, string Text)[] Modules(Plan plan, int machine)
    {
        (string, string)[] modules = new (string, string)[plan.Machine(machine).ModuleCount];
        for (int i = 0; i < modules.Length; i++)
        {
            ref readonly PlanModule module = ref plan.Module((int)plan.Machine(machine).FirstModule + i);
            modules[i] = (Text(Plan.NameOf(in plan.Payload((int)module.Payload))), Text(plan.TextOf(in module)));
        }

        return modules;
    }

    private static (string Name, uint Kernel, uint? Initrd, string CommandLine) Describe(Plan plan, int index)
    {
        ref readonly PlanMachine machine = ref plan.Machine(index);
        uint? initrd = machine.ModuleCount == 0 ? null : plan.Module((int)machine.FirstModule).Payload;
        return (Text(Plan.NameOf(in machine)), machine.KernelPayload, initrd, Text(plan.CommandLine(in machine)));
    }

    private static (uint Processors, RestartPolicy Restart, StartPolicy Start, uint Weight, uint Cap, ulong Affinity) Scheduling(
        in PlanMachine machine) =>
        (machine.ProcessorCount, machine.Restart, machine.Start, machine.Weight, machine.Cap, machine.Affinity);

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);

    private async Task<CompiledAppliance> CompileAsync(string machines)
    {
        File.WriteAllText(_debian["appliance.toml"], Head + machines);
        Manifest manifest = ManifestReader.Read(_debian["appliance.toml"]);
        return await new ApplianceCompiler(_debian.Packages()).CompileAsync(manifest, _debian["payloads"]);
    }

    private async Task RefuseAsync(string machines, string expected)
    {
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => CompileAsync(machines));
        Assert.Equal($"{_debian["appliance.toml"]}:{expected}", e.Message);
        Assert.Equal(ErrorKind.Input, e.Kind);
    }
}
