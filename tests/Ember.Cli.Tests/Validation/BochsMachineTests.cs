using System;
using System.IO;
using System.Threading.Tasks;
using Ember.Sdk;
using Ember.Sdk.Hosts;
using Ember.Sdk.Validation;

namespace Ember.Cli.Tests.Validation;

public sealed class BochsMachineTests : IDisposable
{
    private const string Display = "usr/lib/x86_64-linux-gnu/bochs/plugins/libbx_term_gui.so";
    private const string Video = "usr/share/vgabios/vgabios.bin";
    private const string Firmware = "usr/share/ovmf/OVMF.fd";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bin/bochs-bin", "'bochs-bin' not found; install it with: sudo apt-get install bochs")]
    [InlineData("bin/script", "'script' not found; install it with: sudo apt-get install bsdutils")]
    [InlineData(Display, "'/" + Display + "' not found; install it with: sudo apt-get install bochs-term")]
    [InlineData(Video, "'/" + Video + "' not found; install it with: sudo apt-get install vgabios")]
    [InlineData(Firmware, "'/" + Firmware + "' not found; install it with: sudo apt-get install ovmf")]
    public async Task What_a_host_lacks_is_told_with_its_package(string file, string message)
    {
        Complete("exit 1");
        File.Delete(_folder.Combine(file));
        EmberException e = await StartFailsAsync(_folder.Write("key.img", ""));
        Assert.Equal((3, message), (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task A_missing_image_is_an_error_of_the_input()
    {
        Complete("exit 1");
        EmberException e = await StartFailsAsync(_folder.Combine("absent.img"));
        Assert.Equal((2, $"{_folder.Combine("absent.img")}: no such image; build it first"), (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task Secure_Boot_is_not_left_out_in_silence()
    {
        Complete("exit 1");
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => BochsMachine.StartAsync(
            new MachineOptions(_folder.Write("key.img", "")) { Model = MachineModel.BochsIntel, SecureBoot = true },
            _folder.Host,
            TimeProvider.System));
        Assert.Equal((2, "bochs-intel has no Secure Boot; take qemu-amd"), (e.ExitCode, e.Message));
    }

    [Fact]
    public async Task A_Bochs_that_does_not_start_gives_its_own_words_and_leaves_nothing()
    {
        string place = _folder.Combine("place");
        Complete($"pwd > '{place}'; echo '0000p[      ] >>PANIC<< no memory' > bochs.log; echo 'some other line' >> bochs.log; exit 1");
        EmberException e = await StartFailsAsync(_folder.Write("key.img", ""));
        Assert.Equal((3, "Bochs does not start: 0000p[      ] >>PANIC<< no memory"), (e.ExitCode, e.Message));
        Assert.False(Directory.Exists((await File.ReadAllTextAsync(place)).Trim()));
    }

    [Theory]
    [InlineData("echo '1p[ACPI  ] >>PANIC<< ACPI control: soft power off' > bochs.log; exit 1", MachineEnd.PoweredOff)]
    [InlineData("echo '1p[CPU0  ] >>PANIC<< 3rd exception' > bochs.log; exit 1", MachineEnd.EmulatorDied)]
    [InlineData("exit 0", MachineEnd.EmulatorDied)]
    public async Task How_a_machine_ended_is_read_from_the_emulators_log(string end, MachineEnd expected)
    {
        // It answers what it is sent, and the image's name may be any.
        Complete(Connected + "printf 'ready\\n' >&3; read line <&3; printf 'got %s\\n' \"$line\" >&3; wc -c < image >&3; " + end);
        string image = _folder.Write("a key, \"quoted\"; #1.img", "1234567");
        await using BochsMachine machine = await BochsMachine.StartAsync(
            new MachineOptions(image) { Model = MachineModel.BochsIntel }, _folder.Host, TimeProvider.System);
        Assert.True(await machine.Serial.WaitForAsync("ready"));
        await machine.SendAsync("hello\n"u8.ToArray());
        Assert.Equal(expected, await machine.Ended);
        Assert.Equal("ready\ngot hello\n7\n", machine.Serial.Text);
        await machine.StopAsync();
        Assert.Equal(expected, await machine.Ended);
    }

    [Fact]
    public async Task A_machine_that_is_stopped_ended_by_nothing_of_its_own()
    {
        Complete(Connected + "printf 'ready\\n' >&3; read line <&3");
        BochsMachine machine = await BochsMachine.StartAsync(
            new MachineOptions(_folder.Write("key.img", "")) { Model = MachineModel.BochsIntel }, _folder.Host, TimeProvider.System);
        Assert.True(await machine.Serial.WaitForAsync("ready"));
        Assert.False(machine.Ended.IsCompleted);
        await machine.DisposeAsync();
        Assert.Equal(MachineEnd.None, await machine.Ended);
    }

    [Theory]
    [InlineData("bochs-intel", "corei7_haswell_4770")]
    [InlineData("bochs-amd", "ryzen")]
    public async Task The_machine_has_the_memory_and_the_processors_that_were_asked_for(string model, string processor)
    {
        string copy = _folder.Combine("copy");
        Complete($"cp machine '{copy}'; echo \"$@\" >> '{copy}'; cat commands >> '{copy}'; " + Connected);
        MachineOptions options = new(_folder.Write("key.img", ""))
        {
            Model = MachineModel.Find(model),
            MemoryMiB = 777,
            Processors = 3,
        };
        await using BochsMachine machine = await BochsMachine.StartAsync(options, _folder.Host, TimeProvider.System);
        string[] lines = await File.ReadAllLinesAsync(copy);
        Assert.Contains("memory: guest=777, host=777", lines);
        Assert.Contains($"romimage: file=\"{_folder.Combine(Firmware)}\"", lines);
        Assert.Contains("ata0-master: type=disk, path=image, mode=volatile, journal=changes", lines);
        Assert.Contains($"cpu: model={processor}", lines);
        Assert.Contains("cpu: count=3, ips=100000000, reset_on_triple_fault=0", lines);
        Assert.Equal(["-q -unlock -f machine -rc commands", "continue"], lines[^2..]);
    }

    [Fact]
    public async Task A_real_machine_starts_and_stops_and_shows_no_screen()
    {
        string image = _folder.Combine("key.img");
        await File.WriteAllBytesAsync(image, new byte[1 << 20]);
        await using IEmulatedMachine machine = await IEmulatedMachine.StartAsync(
            new MachineOptions(image) { Model = MachineModel.BochsIntel, MemoryMiB = 64 }, HostSystem.Current, TimeProvider.System);
        Assert.IsType<BochsMachine>(machine);
        EmberException e = await Assert.ThrowsAsync<EmberException>(() => machine.TakeScreenshotAsync("a.png"));
        Assert.Equal("a.png: no picture can be taken of the screen of a machine in Bochs", e.Message);
        Assert.False(machine.Ended.IsCompleted);
        await machine.StopAsync();
        Assert.Equal(MachineEnd.None, await machine.Ended);
    }

    /// <summary>Connects descriptor 3 to the serial port, which only bash can.</summary>
    private const string Connected =
        "[ -n \"$BASH_VERSION\" ] || exec bash \"$0\" \"$@\"; "
        + "exec 3<>/dev/tcp/127.0.0.1/$(sed -n 's/^com1:.*dev=127.0.0.1:\\([0-9]*\\)$/\\1/p' machine); ";

    private void Complete(string bochs)
    {
        _folder.WriteProgram("bochs-bin", bochs);
        _folder.WriteProgram("script", "exec /bin/sh -c \"$2\"");
        _folder.Write(Display, "");
        _folder.Write(Video, "");
        _folder.Write(Firmware, "");
    }

    private Task<EmberException> StartFailsAsync(string image) => Assert.ThrowsAsync<EmberException>(() => BochsMachine.StartAsync(
        new MachineOptions(image) { Model = MachineModel.BochsIntel }, _folder.Host, TimeProvider.System));
}
