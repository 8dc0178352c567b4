using System;
using System.IO;
using System.Linq;
using Ember.Sdk.Gpt;
using Ember.Sdk.Media;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Media.Refusals;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Media;

public sealed class DeviceMediumTests : IDisposable
{
    private const int MiB = KeyImages.MiB;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [LoopFact]
    public void A_loop_device_has_the_image_and_a_table_that_fits_it()
    {
        using LoopDevice loop = new(_folder["device"], 64 * MiB);
        WriteReport report = loop.Write(KeyImages.Source(_folder, KeyImages.Small), new WriteOptions { CheckCapacity = true });
        AssertImage(_folder["device"]);
        Oracles.RequireCleanTable(loop.Path);
        Assert.True(report.IsTableMoved);
        Assert.Equal(0, loop.Write(KeyImages.Source(_folder, KeyImages.Small), new WriteOptions { ChangedOnly = true }).BytesWritten);
    }

    [LoopFact]
    public void A_loop_device_is_no_key_unless_it_is_named()
    {
        using LoopDevice loop = new(_folder["device"], 64 * MiB);
        Assert.Equal(["fixed"], WriteRules.Check(loop.Device, new WriteIntent()).Select(refusal => refusal.Rule));
        Assert.Equal(64 * MiB, loop.Device.Length);
        Assert.DoesNotContain(loop.Device, BlockDevices.Read().Removable);
    }

    [LoopFact]
    public void A_device_that_is_in_use_is_not_opened()
    {
        using LoopDevice loop = new(_folder["device"], 64 * MiB);
        BlockDevice device = loop.Device;
        using DeviceMedium first = DeviceMedium.OpenDevice(device);
        EmberException refused = Assert.Throws<EmberException>(() => DeviceMedium.OpenDevice(device));
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("rule 'mounted'", refused.Message, StringComparison.Ordinal);
    }

    [LoopFact]
    public void A_device_that_is_not_the_one_that_was_chosen_is_not_written()
    {
        using LoopDevice loop = new(_folder["device"], 64 * MiB);
        BlockDevice device = loop.Device;
        Assert.Throws<EmberException>(() => DeviceMedium.OpenDevice(device with { Length = 32 * MiB }));
        Assert.Throws<EmberException>(() => DeviceMedium.OpenDevice(device with { Number = "8:0" }));
    }

    [LoopFact]
    public void What_was_written_lies_on_the_device_and_not_in_the_cache_alone()
    {
        using LoopDevice loop = new(_folder["device"], 64 * MiB);
        using DeviceMedium medium = DeviceMedium.OpenDevice(loop.Device);
        byte[] bytes = new byte[4096];
        bytes.AsSpan().Fill(0x5A);
        medium.Write(8192, bytes);
        medium.Flush();
        byte[] file = File.ReadAllBytes(_folder["device"]);
        Assert.True(file.AsSpan(8192, 4096).SequenceEqual(bytes));
        file[8192] = 1;
        File.WriteAllBytes(_folder["device"], file);
        medium.Read(8192, bytes);
        Assert.Equal(1, bytes[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(16 * MiB)]
    [InlineData(16 * MiB + 512)]
    [InlineData(16 * MiB + 100)]
    public void A_file_stands_for_a_device(int length)
    {
        string path = _folder["target.img"];
        if (length != 0)
        {
            File.WriteAllBytes(path, new byte[length]);
        }

        ImageSource source = KeyImages.Source(_folder, KeyImages.Small);
        using (DeviceMedium medium = DeviceMedium.OpenFile(path, source))
        {
            Assert.Equal(length == 0, medium.IsZero);
            new MediumWriter(MediumImage.Read(source, medium.Length), medium, new WriteOptions()).Write();
        }

        Assert.Equal(length == 0 ? KeyImages.Small.Length : length, new FileInfo(path).Length);
        AssertImage(path);
    }

    [Fact]
    public void A_file_in_memory_is_written_too()
    {
        string path = $"/dev/shm/ember-test-{Environment.ProcessId}.img";
        try
        {
            File.WriteAllBytes(path, new byte[8 * MiB]);
            ImageSource source = KeyImages.Source(_folder, KeyImages.Small);
            using DeviceMedium medium = DeviceMedium.OpenFile(path, source);
            new MediumWriter(MediumImage.Read(source, medium.Length), medium, new WriteOptions()).Write();
            AssertImage(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void No_file_is_made_where_a_device_was_meant_and_none_is_written_that_must_not_be()
    {
        ImageSource source = KeyImages.Source(_folder, KeyImages.Small);
        AssertRefused("/dev/ember-no-such-device", "file");
        Assert.False(File.Exists("/dev/ember-no-such-device"));
        AssertRefused("/dev/null", "file");
        AssertRefused(_folder.Path, "file");
        AssertRefused(source.Path, "source");
        File.CreateSymbolicLink(_folder["link"], source.Path);
        AssertRefused(_folder["link"], "source");
        File.WriteAllBytes(_folder["short"], new byte[MiB]);
        AssertRefused(_folder["short"], "too-small");
        Assert.Equal(MiB, new FileInfo(_folder["short"]).Length);

        void AssertRefused(string path, string rule)
        {
            EmberException refused = Assert.Throws<EmberException>(() => DeviceMedium.OpenFile(path, source).Dispose());
            Assert.StartsWith($"{path}: refused by rule '{rule}': ", refused.Message, StringComparison.Ordinal);
            Assert.Equal(2, refused.ExitCode);
        }
    }

    [Fact]
    public void A_path_that_is_no_disk_is_named()
    {
        EmberException missing = Assert.Throws<EmberException>(() => BlockDevices.Read().At("/dev/ember-no-such-device"));
        Assert.Equal((2, true), (missing.ExitCode, missing.Message.Contains("no such device", StringComparison.Ordinal)));
        Assert.Contains("is no disk", Assert.Throws<EmberException>(() => BlockDevices.Read().At("/dev/null")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_a_whole_image_of_a_key_is_read()
    {
        Assert.Equal(ErrorKind.Input, Assert.Throws<EmberException>(() => ImageSource.Open(_folder["missing"])).Kind);
        Assert.Equal(ErrorKind.Input, Assert.Throws<EmberException>(() => ImageSource.Open("/dev/null")).Kind);
        Assert.Equal(ErrorKind.Input, Assert.Throws<EmberException>(() => KeyImages.Source(_folder, new byte[MiB])).Kind);
        AssertNoKey(new byte[4 * MiB]);
        byte[] damaged = (byte[])KeyImages.Small.Clone();
        damaged[^1] ^= 1;
        AssertNoKey(damaged);
        AssertNoKey(KeyImages.Small[..(3 * MiB)]);

        string compressed = KeyImages.Compressed(_folder, KeyImages.Small).Path;
        byte[] bytes = File.ReadAllBytes(compressed);
        File.WriteAllBytes(compressed, bytes[..^9]);
        Assert.Equal(ErrorKind.Input, Assert.Throws<EmberException>(() => ImageSource.Open(compressed)).Kind);
        bytes[MiB / 2] ^= 1;
        File.WriteAllBytes(compressed, bytes);
        Assert.Throws<EmberException>(() => MediumImage.Read(ImageSource.Open(compressed), 16 * MiB));

        void AssertNoKey(byte[] image)
        {
            EmberException failure = Assert.Throws<EmberException>(() => MediumImage.Read(KeyImages.Source(_folder, image), 16 * MiB));
            Assert.Equal(ErrorKind.Input, failure.Kind);
            Assert.Contains("is no whole image of a key", failure.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertImage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        GptTable? table = KeyImages.Table(bytes[..(bytes.Length / 512 * 512)]);
        Assert.NotNull(table);
        Assert.True(bytes.AsSpan(MiB, 3 * MiB).SequenceEqual(KeyImages.Small.AsSpan(MiB, 3 * MiB)));
    }
}
