using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Ember.Guests;
using Ember.Sdk;
using Ember.Sdk.Compilation;
using Ember.Sdk.Hosts;
using Ember.Sdk.Images.Containers;

namespace Ember.Boot.Tests;

/// <summary>A build that is stopped, or has no room left, at whatever it is doing: the former output is there still, and nothing else.</summary>
public sealed class InterruptedBuildTests(ApplianceFixture fixture) : IClassFixture<ApplianceFixture>
{
    private const string Former = "of yesterday";

    private string Source => Path.Combine(fixture.Folder, "interrupted-source");

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_build_that_is_stopped_in_any_phase_leaves_the_former_output()
    {
        string parent = Directory.CreateDirectory(Path.Combine(fixture.Folder, "stopped")).FullName;
        List<string> phases = [];
        await BuildAsync(parent, phases.Add, CancellationToken.None);
        Assert.Equal(
            ["compiling loader and core", "auditing the core", "preparing the payloads", "signing", "writing the image",
            "writing usb-key.img.zst", "writing usb-key.bmap", "writing usb-key.qcow2", "writing usb-key.vhd", "writing usb-key.iso",
            "writing the bundle"],
            phases.Where(phase => !phase.Contains(':') && !phase.Contains('%')).Distinct());
        foreach (string last in phases.Distinct())
        {
            Begin(parent);
            using CancellationTokenSource source = new();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => BuildAsync(
                parent,
                phase =>
                {
                    if (phase == last)
                    {
                        source.Cancel();
                    }
                },
                source.Token));
            AssertUntouched(parent);
        }
    }

    [SmallDiskFact]
    [Trait("Category", "Slow")]
    public async Task A_build_that_has_no_room_left_at_any_point_leaves_the_former_output()
    {
        const int steps = 24;
        string folder = Path.Combine(fixture.Folder, "full");
        long needed;
        using (SmallDisk disk = new(folder, 1L << 30))
        {
            await BuildAsync(disk.Path, null, CancellationToken.None);
            needed = disk.Used;
        }

        HashSet<string> phases = [];
        for (int step = 1; step < steps; step++)
        {
            using SmallDisk disk = new(folder, needed * step / steps);
            Begin(disk.Path);
            string phase = "";
            EmberException e = await Assert.ThrowsAsync<EmberException>(
                () => BuildAsync(disk.Path, entered => phase = entered, CancellationToken.None));
            Assert.Equal(ErrorKind.Host, e.Kind);
            Assert.Contains("No space left on device", e.Message, StringComparison.Ordinal);
            Assert.Contains(disk.Path, e.Message, StringComparison.Ordinal);
            AssertUntouched(disk.Path);
            phases.Add(phase);
        }

        Assert.True(phases.Count > 3, string.Join(", ", phases));
    }

    private static void Begin(string parent)
    {
        string output = Path.Combine(parent, "out");
        if (Directory.Exists(output))
        {
            Directory.Delete(output, recursive: true);
        }

        Directory.CreateDirectory(output);
        File.WriteAllText(Path.Combine(output, "usb-key.img"), Former);
    }

    private static void AssertUntouched(string parent)
    {
        string image = Path.Combine(parent, "out", "usb-key.img");
        Assert.Equal([image], Directory.GetFiles(parent, "*", SearchOption.AllDirectories));
        Assert.Equal(Former, File.ReadAllText(image));
    }

    private Task<BuildResult> BuildAsync(string parent, Action<string>? progress, CancellationToken cancellation)
    {
        if (!Directory.Exists(Source))
        {
            GuestAppliance.Write(Source, TripleFaultGuest.Build());
        }

        ApplianceBuild build = new(fixture.Repository, HostSystem.Current, TimeProvider.System)
        {
            Compiled = fixture.Compiled,
            Formats = ImageFormat.All,
            Progress = progress,
        };
        return build.RunAsync(Source, Path.Combine(parent, "out"), cancellation);
    }
}
