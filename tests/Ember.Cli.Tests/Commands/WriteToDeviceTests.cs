using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Ember.Cli.Commands;
using Ember.Sdk.Hosts;
using Ember.Sdk.Tests.Media;

namespace Ember.Cli.Tests.Commands;

/// <summary><c>ember write</c> to a device that is there, which the system describes as a key with a serial number.</summary>
public sealed class WriteToDeviceTests : IDisposable
{
    private const string Serial = "4C530001";

    private readonly TemporaryFolder _folder = new();
    private string _asked = "";

    public void Dispose() => _folder.Dispose();

    [LoopFact]
    public async Task The_serial_number_typed_back_has_the_image_written()
    {
        using LoopDevice device = new(_folder.Combine("device"), EmptyKey.Length);
        Describe(device, "");
        byte[] image = await File.ReadAllBytesAsync(Image());
        CliRun run = await RunAsync(device, _ => $" {Serial} ");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal($"everything on it will be lost; type its serial number, {Serial}, to go on", _asked);
        Assert.Contains($"serial {Serial}", run.Error, StringComparison.Ordinal);
        Assert.Equal(image, await File.ReadAllBytesAsync(_folder.Combine("device")));
    }

    [LoopFact]
    public async Task Anything_else_that_is_typed_leaves_the_device_alone()
    {
        using LoopDevice device = new(_folder.Combine("device"), EmptyKey.Length);
        Describe(device, "");
        foreach ((string? answer, string message) in ((string?, string)[])
        [
            ("", "that is not its serial number, so nothing was written; look which device it is"),
            ("y", "that is not its serial number"),
            (Serial.ToLowerInvariant(), "that is not its serial number"),
            (null, $"nobody is there to ask; give --yes-erase '{Serial}' if it is meant"),
        ])
        {
            CliRun run = await RunAsync(device, _ => answer);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }

        Assert.All(await File.ReadAllBytesAsync(_folder.Combine("device")), value => Assert.Equal(0, value));
    }

    [LoopFact]
    public async Task A_device_that_is_mounted_is_refused_before_anything_is_asked()
    {
        using LoopDevice device = new(_folder.Combine("device"), EmptyKey.Length);
        Describe(device, $"20 1 {Number(device)} / /mnt rw - ext4 {device.Path} rw\n");
        CliRun run = await RunAsync(device, _ => Serial);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("refused by rule 'mounted'", run.Error, StringComparison.Ordinal);
        Assert.Equal("", _asked);
        Assert.All(await File.ReadAllBytesAsync(_folder.Combine("device")), value => Assert.Equal(0, value));
    }

    /// <summary>While somebody typed, it was pulled and another took its place.</summary>
    [LoopFact]
    public async Task A_device_that_is_another_after_the_question_is_not_written()
    {
        using LoopDevice device = new(_folder.Combine("device"), EmptyKey.Length);
        Describe(device, "");
        CliRun run = await RunAsync(device, _ =>
        {
            _folder.Write($"root/sys/block/{Name(device)}/serial", "another\n");
            return Serial;
        });
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is another device than a moment ago; give the command again", run.Error, StringComparison.Ordinal);
        Assert.All(await File.ReadAllBytesAsync(_folder.Combine("device")), value => Assert.Equal(0, value));
    }

    private static string Name(LoopDevice device) => Path.GetFileName(device.Path);

    private static string Number(LoopDevice device) => $"7:{new string([.. Name(device).Where(char.IsAsciiDigit)])}";

    private void Describe(LoopDevice device, string mounts)
    {
        string folder = $"root/sys/block/{Name(device)}";
        _folder.Write($"{folder}/dev", Number(device));
        _folder.Write($"{folder}/size", (new FileInfo(_folder.Combine("device")).Length / 512).ToString(CultureInfo.InvariantCulture));
        _folder.Write($"{folder}/removable", "1");
        _folder.Write($"{folder}/serial", Serial + "\n");
        _folder.Write("root/proc/self/mountinfo", mounts);
    }

    private string Image() => EmptyKey.Write(_folder);

    private async Task<CliRun> RunAsync(LoopDevice device, Func<string, string?> answer)
    {
        using StringWriter output = new();
        using StringWriter error = new();
        CliHost host = new(HostSystem.Current, output, error, _folder.Path)
        {
            SystemRoot = _folder.Combine("root"),
            Ask = question =>
            {
                _asked = question;
                return answer(question);
            },
        };
        int exitCode = await EmberCommand.RunAsync(["write", Image(), device.Path], host);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
