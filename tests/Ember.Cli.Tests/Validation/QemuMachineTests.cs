using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class QemuMachineTests : IDisposable
{
    private const string Code = "usr/share/OVMF/OVMF_CODE_4M.fd";
    private const string Variables = "usr/share/OVMF/OVMF_VARS_4M.fd";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_without_QEMU_is_told_which_package_has_it()
    {
        EmberException e = await StartAsync();
        Assert.Equal(3, e.ExitCode);
        Assert.Equal("'qemu-system-x86_64' not found; install it with: sudo apt-get install qemu-system-x86", e.Message);
    }

    [Theory]
    [InlineData(Code, Variables)]
    [InlineData(Variables, Code)]
    public async Task A_host_without_OVMF_is_told_which_package_has_it(string present, string missing)
    {
        _folder.WriteProgram("qemu-system-x86_64", "exit 1");
        _folder.Write(present, "");
        EmberException e = await StartAsync();
        Assert.Equal(3, e.ExitCode);
        Assert.Equal($"'/{missing}' not found; install it with: sudo apt-get install ovmf", e.Message);
    }

    [Fact]
    public async Task Secure_Boot_is_never_left_out_because_its_firmware_is_missing()
    {
        Complete("exit 1");
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => QemuMachine.StartAsync(
            new MachineOptions(_folder.Write("key.img", "")) { SecureBoot = true }, _folder.Host, TimeProvider.System));
        Assert.Equal(
            (3, "'/usr/share/OVMF/OVMF_CODE_4M.secboot.fd' not found; install it with: sudo apt-get install ovmf"),
            (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task A_missing_image_is_an_error_of_the_input()
    {
        Complete("exit 1");
        EmberException e = await StartAsync(_folder.Combine("absent.img"));
        Assert.Equal((2, $"{_folder.Combine("absent.img")}: no such image; build it first"), (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task A_QEMU_that_does_not_start_gives_its_own_words_and_leaves_nothing()
    {
        Complete("echo 'qemu: cannot set up guest memory' >&2; echo \"$@\" > " + _folder.Combine("arguments") + "; exit 1");
        EmberException e = await StartAsync(_folder.Write("a,b.img", ""), processors: 3);
        Assert.Equal(3, e.ExitCode);
        Assert.Equal("QEMU does not start: qemu: cannot set up guest memory", e.Message);

        string arguments = await File.ReadAllTextAsync(_folder.Combine("arguments"));
        Assert.Contains("a,,b.img", arguments);
        Assert.Contains(" -smp 3 ", arguments);
        string sockets = arguments[(arguments.IndexOf("id=qmp,path=", StringComparison.Ordinal) + "id=qmp,path=".Length)..];
        Assert.False(Directory.Exists(Path.GetDirectoryName(sockets.Split(' ')[0])));
    }

    [Fact]
    public async Task A_QEMU_that_refuses_its_machine_gives_its_own_words()
    {
        MachineModel none = MachineModel.QemuAmd with { Arguments = ["-machine", "abacus"] };
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => QemuMachine.StartAsync(
            new MachineOptions(_folder.Write("key.img", "")) { Model = none }, HostSystem.Current, TimeProvider.System));
        Assert.Equal(3, e.ExitCode);
        Assert.Contains("unsupported machine type", e.Message);
    }

    [Fact]
    public async Task A_real_machine_starts_shows_its_screen_loses_its_key_and_stops()
    {
        string image = _folder.Combine("key.img");
        await File.WriteAllBytesAsync(image, new byte[1 << 20]);
        await using QemuMachine machine = await QemuMachine.StartAsync(
            new MachineOptions(image) { MemoryMiB = 64 }, HostSystem.Current, TimeProvider.System);
        string screen = _folder.Combine("screen.png");
        await machine.TakeScreenshotAsync(screen);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(screen))[..4]);
        await machine.UnplugKeyAsync();
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => machine.UnplugKeyAsync());
        Assert.Contains("not found", e.Message);
        Assert.False(machine.Ended.IsCompleted);
        await machine.StopAsync();
        Assert.Equal(MachineEnd.None, await machine.Ended);
    }

    private void Complete(string qemu)
    {
        _folder.WriteProgram("qemu-system-x86_64", qemu);
        _folder.Write(Code, "");
        _folder.Write(Variables, "");
    }

    private Task<EmberException> StartAsync(string image = "key.img", int processors = 1) => Assert.ThrowsAsync<EmberException>(
        () => QemuMachine.StartAsync(new MachineOptions(image) { Processors = processors }, _folder.Host, TimeProvider.System));
}
