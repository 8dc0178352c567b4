using System;
using System.IO;
using Ember.Sdk.Media;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Media;

/// <summary>A block device of the kernel that shows a file, for the time of a test.</summary>
internal sealed class LoopDevice : IDisposable
{
    public LoopDevice(string file, long length)
    {
        using (FileStream stream = File.Create(file))
        {
            stream.SetLength(length);
        }

        (string text, int exitCode) = HostTool.Run("mount", "losetup", "--find", "--show", file);
        Assert.True(exitCode == 0, text);
        Path = text.Trim();
    }

    /// <summary>Why a test that needs one is left out; null if it is not.</summary>
    public static string? Missing { get; } =
        Environment.IsPrivilegedProcess && File.Exists("/dev/loop-control") && HostTool.Run("mount", "losetup", "--find").ExitCode == 0
            ? null
            : "needs loop devices, and root to make one";

    public string Path { get; }

    public BlockDevice Device => BlockDevices.Read().At(Path);

    public void Dispose() => HostTool.Run("mount", "losetup", "--detach", Path);

    /// <summary>Opens it and writes an image to it.</summary>
    public WriteReport Write(ImageSource image, WriteOptions options)
    {
        using DeviceMedium medium = DeviceMedium.OpenDevice(Device);
        Assert.True(medium.IsDirect);
        return new MediumWriter(MediumImage.Read(image, medium.Length), medium, options).Write();
    }
}
