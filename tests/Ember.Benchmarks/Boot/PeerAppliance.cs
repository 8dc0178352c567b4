using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;
using Ember.Sdk.Manifests;
using Ember.Sdk.Payloads;

namespace Ember.Benchmarks.Boot;

/// <summary>
/// The same virtual machine on Linux, KVM and QEMU's microvm: a kernel, and an initial RAM file system that holds everything
/// else. The host's kernel is the guest's.
/// </summary>
/// <param name="Kernel">The host's kernel.</param>
/// <param name="InitialRamDisk">The host's file system.</param>
internal sealed record PeerAppliance(string Kernel, string InitialRamDisk)
{
    /// <summary>What the line begins with that says for how many seconds Linux has run when KVM is ready.</summary>
    public const string ReadyPrefix = "peer: KVM is ready at ";

    private const string Emulator = "qemu-system-x86_64";

    private static readonly string[] _firmware = ["bios-microvm.bin", "linuxboot_dma.bin"];

    private static readonly string[] _firmwareFolders = ["/usr/share/seabios", "/usr/share/qemu"];

    // In the order they have to be loaded in.
    private static readonly string[] _modules =
        ["virt/lib/irqbypass.ko", "arch/x86/kvm/kvm.ko", "arch/x86/kvm/kvm-amd.ko"];

    /// <summary>Builds it.</summary>
    /// <param name="guest">The virtual machine.</param>
    /// <param name="kernel">Its kernel's file.</param>
    /// <param name="initialRamDisk">Its initial RAM file system's file.</param>
    public static async Task<PeerAppliance> BuildAsync(
        Workspace workspace, ManifestMachine guest, string kernel, string initialRamDisk, CancellationToken cancellation)
    {
        Workspace.Say("building the peer");
        HostSystem host = workspace.Host;
        string archivePath = Path.Combine(workspace.Folder, "peer-initrd.cpio");
        await using FileStream archive = File.Create(archivePath);
        InitialTree tree = new(archive);
        tree.AddFolder("proc");
        tree.AddFolder("tmp");
        await AddDebianFilesAsync(tree, workspace, guest, cancellation);
        string emulator = host.FindProgram(Emulator) ?? throw Missing(Emulator);
        tree.AddFile($"bin/{Emulator}", emulator);
        foreach (string library in await SharedLibraries.FindAsync(host, emulator, cancellation))
        {
            tree.AddFile(library.TrimStart('/'), library);
        }

        foreach (string name in _firmware)
        {
            string? file = _firmwareFolders
                .Select(folder => host.FindFile($"{folder}/{name}"))
                .FirstOrDefault(path => path is not null);
            tree.AddFile($"firmware/{name}", file ?? throw Missing(name));
        }

        tree.AddFile("guest/kernel", kernel);
        tree.AddFile("guest/initrd", initialRamDisk);
        tree.AddFile("init", Encoding.ASCII.GetBytes(Script(guest)));
        tree.Finish();
        return new PeerAppliance(kernel, archivePath);
    }

    private static async Task AddDebianFilesAsync(
        InitialTree tree, Workspace workspace, ManifestMachine guest, CancellationToken cancellation)
    {
        const string kernelPackage = "linux-image-";
        DebianPackages packages = new(workspace.Repository.DebianCache, workspace.Host);
        DebianPackage busybox = await packages.FetchAsync("busybox-static", cancellation);
        tree.AddFile("bin/busybox", await packages.ExtractAsync(busybox, "bin/busybox", cancellation));
        DebianPackage kernel = await packages.FetchAsync(((DebianSource)guest.Kernel).Package, cancellation);
        foreach (string module in _modules)
        {
            string path = $"lib/modules/{kernel.Name[kernelPackage.Length..]}/kernel/{module}";
            tree.AddFile($"modules/{Path.GetFileName(module)}", await packages.ExtractAsync(kernel, path, cancellation));
        }
    }

    // Without a real-time clock Debian's kernel looks for one for 20 seconds, at two exits to QEMU a look.
    private static string Script(ManifestMachine guest)
    {
        IEnumerable<string> load = _modules.Select(module => $"busybox insmod /modules/{Path.GetFileName(module)}");
        return $"""
            #!/bin/busybox sh
            PATH=/bin
            busybox mount -t proc proc /proc
            busybox mount -t devtmpfs devtmpfs /dev
            {string.Join('\n', load)}
            read -r uptime idle < /proc/uptime
            echo "{ReadyPrefix}$uptime s"
            {Emulator} -L /firmware -nodefaults -no-user-config -display none -serial stdio -no-reboot \
                -M microvm,rtc=on -accel kvm -cpu host -smp {guest.ProcessorCount} -m {guest.MemoryBytes >> 20} \
                -kernel /guest/kernel -initrd /guest/initrd -append '{guest.CommandLine}' < /dev/null
            echo "peer: {Emulator} ended with $?"
            busybox poweroff -f

            """;
    }

    private static EmberException Missing(string what) =>
        new(ErrorKind.Host, $"'{what}' not found; install it with: sudo apt-get install qemu-system-x86");
}
