using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Ember.Sdk.Fat;
using Ember.Sdk.Images;
using Ember.Sdk.Output;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images;

/// <summary>Whatever fails, no part of an image is left, and the image that was there before is there still.</summary>
public sealed class ImageFailureTests : IDisposable
{
    private static SortedDictionary<string, byte[]> Files { get; } = ImageFixture.Appliance();

    private readonly TemporaryFolder _folder = new();

    public ImageFailureTests() => File.WriteAllText(ImagePath, "the image of yesterday");

    private string ImagePath => _folder["usb-key.img"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_disk_that_is_full_at_any_byte_leaves_nothing()
    {
        long total = WriteTo(path => new FullDiskStream(path, long.MaxValue));
        Assert.InRange(total, 800_000, 2_000_000);
        Reset();
        foreach (long capacity in Enumerable.Range(0, 40).Select(step => step * total / 40).Append(total - 1))
        {
            EmberException exception = Assert.Throws<EmberException>(() => WriteTo(path => new FullDiskStream(path, capacity)));
            AssertHostFailure(exception, "No space left on device");
        }
    }

    [Fact]
    public void A_disk_that_is_full_when_the_image_is_flushed_leaves_nothing() => AssertHostFailure(
        Assert.Throws<EmberException>(() => WriteTo(path => new FullDiskStream(path, long.MaxValue, failsOnFlush: true))),
        "No space left on device");

    [Fact]
    public void A_disk_that_the_kernel_says_is_full_leaves_nothing()
    {
        // The partial file leads to the device that is always full, so the error is the kernel's own.
        File.CreateSymbolicLink(_folder[".usb-key.img.partial"], "/dev/full");

        AssertHostFailure(Assert.Throws<EmberException>(() => Write(ImagePath)), "No space left on device");
        Assert.True(File.Exists("/dev/full"));
    }

    [Theory]
    [InlineData("/sys/usb-key.img")]
    [InlineData("/sys/new/usb-key.img")]
    [InlineData("/proc/usb-key.img")]
    public void A_folder_that_may_not_be_written_is_the_hosts_fault(string path)
    {
        // Permission bits do not bind root, who runs the tests in many places. The kernel's own file systems let nobody make
        // files, so these are folders that really cannot be written.
        EmberException exception = Assert.Throws<EmberException>(() => Write(path));

        Assert.Equal(ErrorKind.Host, exception.Kind);
        Assert.StartsWith($"{path}: cannot be written: ", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void A_folder_that_is_a_file_is_the_hosts_fault()
    {
        EmberException exception = Assert.Throws<EmberException>(() => Write(ImagePath + "/usb-key.img"));

        AssertHostFailure(exception, "cannot be written");
    }

    [Fact]
    public void An_output_that_is_a_folder_is_refused()
    {
        EmberException exception = Assert.Throws<EmberException>(() => Write(_folder.Path));

        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal($"{_folder.Path}: it is a folder, not a file to write; choose another name", exception.Message);
        AssertNothingChanged();
    }

    [Fact]
    public void An_image_that_another_build_is_writing_is_left_to_it()
    {
        using (AtomicFile other = AtomicFile.Create(ImagePath))
        {
            other.WriteAt(0, "the image of another build"u8);
            EmberException exception = Assert.Throws<EmberException>(() => Write(ImagePath));
            Assert.Equal(ErrorKind.Host, exception.Kind);
            other.Commit();
        }

        Assert.Equal("the image of another build", File.ReadAllText(ImagePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_a_killed_build_left_is_overwritten()
    {
        File.WriteAllBytes(_folder[".usb-key.img.partial"], ImageFixture.Pattern(3_000_000, 9));

        Write(ImagePath);

        ImageFixture.AssertSameFiles(Files, ImageFixture.Read(ImagePath));
        Assert.Single(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Stopping_at_any_moment_leaves_nothing()
    {
        foreach (long moment in (long[])[0, 1, 98_304, 500_000, Files.Sum(file => file.Value.LongLength)])
        {
            using CancellationTokenSource stop = new();
            StopAt progress = new(moment, stop);
            if (moment == 0)
            {
                stop.Cancel();
            }

            Assert.Throws<OperationCanceledException>(
                () => ImageWriter.Write(ImageFixture.Request(Files), ImagePath, progress, stop.Token));
            AssertNothingChanged();
        }
    }

    [Fact]
    public void A_source_that_is_missing_is_named()
    {
        ImageException exception = Assert.Throws<ImageException>(() => ImageFile.FromFile("boot/vmlinuz", _folder["vmlinuz"]));

        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal(_folder["vmlinuz"], exception.Where);
        Assert.StartsWith("cannot be read for 'boot/vmlinuz': Could not find file", exception.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/proc/self/mem/vmlinuz")]
    public void A_source_that_is_no_file_is_refused(string source) =>
        Assert.Equal(ErrorKind.Input, Assert.Throws<ImageException>(() => ImageFile.FromFile("boot/vmlinuz", source)).Kind);

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_source_that_changes_its_length_is_refused(int change)
    {
        string source = _folder["payload"];
        File.WriteAllBytes(source, new byte[300_000]);
        ImageRequest request = ImageFixture.Request(ImageFixture.Esp(ImageFile.FromFile("payload", source)));
        File.WriteAllBytes(source, new byte[300_000 + change]);

        ImageException exception = Assert.Throws<ImageException>(() => ImageWriter.Write(request, ImagePath));

        Assert.Contains("changed while the image was written", exception.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Input, exception.Kind);
        File.Delete(source);
        AssertNothingChanged();
    }

    [Fact]
    public void A_source_that_is_gone_is_refused()
    {
        string source = _folder["payload"];
        File.WriteAllBytes(source, new byte[300_000]);
        ImageRequest request = ImageFixture.Request(ImageFixture.Esp(ImageFile.FromFile("payload", source)));
        File.Delete(source);

        Assert.Throws<ImageException>(() => ImageWriter.Write(request, ImagePath));
        AssertNothingChanged();
    }

    [Fact]
    public void A_wrong_label_or_time_is_refused_before_anything_is_written()
    {
        string path = _folder["new/usb-key.img"];

        Assert.Throws<ImageException>(
            () => ImageWriter.Write(ImageFixture.Request(ImageFixture.Esp() with { Label = "lower" }), path));
        Assert.Throws<ImageException>(
            () => ImageWriter.Write(ImageFixture.Request(Files) with { SourceDateEpoch = long.MaxValue }, path));
        Assert.Throws<ImageException>(() => ImageWriter.Write(ImageFixture.Request(Files, 1), path));
        Assert.False(Directory.Exists(_folder["new"]));
    }

    private static ImageReport Write(string path) => ImageWriter.Write(ImageFixture.Request(Files), path);

    private long WriteTo(Func<string, FullDiskStream> open)
    {
        ImageRequest request = ImageFixture.Request(Files);
        ImageLayout layout = ImageLayout.Plan(request);
        FullDiskStream? stream = null;
        using AtomicFile output = AtomicFile.Create(ImagePath, path => stream = open(path));
        ImageWriter.Write(request.Name, layout, FatTimestamp.Earliest, output, null, CancellationToken.None);
        return stream!.Written;
    }

    private void Reset() => File.WriteAllText(ImagePath, "the image of yesterday");

    private void AssertHostFailure(EmberException exception, string what)
    {
        Assert.Equal(ErrorKind.Host, exception.Kind);
        Assert.Equal(3, exception.ExitCode);
        Assert.StartsWith(ImagePath, exception.Message, StringComparison.Ordinal);
        Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        AssertNothingChanged();
    }

    private void AssertNothingChanged()
    {
        Assert.Equal([ImagePath], Directory.GetFileSystemEntries(_folder.Path));
        Assert.Equal("the image of yesterday", File.ReadAllText(ImagePath));
    }

    private sealed class StopAt(long moment, CancellationTokenSource stop) : IProgress<long>
    {
        public void Report(long value)
        {
            if (value >= moment)
            {
                stop.Cancel();
            }
        }
    }
}
