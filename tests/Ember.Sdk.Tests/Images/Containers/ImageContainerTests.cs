using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;
using System.Xml.Linq;
using CsCheck;
using Ember.Sdk.Gpt;
using Ember.Sdk.Images;
using Ember.Sdk.Images.Containers;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Images.Containers;

/// <summary>What images are made into, beside the programs that such files are for.</summary>
public sealed class ImageContainerTests : IDisposable
{
    private const long MiB = ImageFixture.MiB;

    private readonly TemporaryFolder _folder = new();

    private string ImagePath => _folder["key.img"];

    public static TheoryData<string> Suffixes => [.. ImageContainers.All.Select(container => container.Suffix)];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Zstd_takes_the_compressed_image_and_gives_it_back()
    {
        WriteKey();

        string compressed = Write(".img.zst");

        Succeeds("zstd", "zstd", "-t", compressed);
        string listing = Succeeds("zstd", "zstd", "-l", "-v", compressed);
        Assert.Contains("XXH64", listing, StringComparison.Ordinal);
        Assert.Contains($"({new FileInfo(ImagePath).Length} B)", listing, StringComparison.Ordinal);
        Succeeds("zstd", "zstd", "-d", "-q", compressed, "-o", _folder["back.img"]);
        AssertSameFile(ImagePath, _folder["back.img"]);
        Assert.InRange(new FileInfo(compressed).Length, 1, 3 * MiB);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bmaptool_writes_the_image_by_its_map(bool compressed)
    {
        WriteKey();
        string source = compressed ? Write(".img.zst") : ImagePath;

        Succeeds("bmap-tools", "bmaptool", "copy", "--bmap", Write(".bmap"), source, _folder["medium"]);

        AssertSameFile(ImagePath, _folder["medium"]);
    }

    [Fact]
    public void A_medium_with_an_old_key_on_it_is_a_good_key_once_what_the_map_names_is_written()
    {
        // In free clusters and around partitions alone may stay what was there.
        ImageReport report = WriteKey();
        byte[] image = File.ReadAllBytes(ImagePath);
        byte[] medium = new byte[image.Length];
        medium.AsSpan().Fill(0xE5);
        XElement map = XElement.Load(Write(".bmap"));
        foreach (XElement range in map.Element("BlockMap")!.Elements())
        {
            int[] blocks = [.. range.Value.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
            image.AsSpan((blocks[0] * 4096)..((blocks[^1] + 1) * 4096)).CopyTo(medium.AsSpan(blocks[0] * 4096));
        }

        Assert.InRange(medium.AsSpan().Count((byte)0xE5), image.Length / 2, image.Length);
        string path = _folder["medium"];
        File.WriteAllBytes(path, medium);
        Oracles.RequireCleanTable(path);
        using FileStream key = File.OpenRead(path);
        GptTable table = GptReader.Read(key);
        using FileStream original = File.OpenRead(ImagePath);
        for (int i = 0; i < 3; i++)
        {
            ImageFixture.AssertSameFiles(
                ImageFixture.ReadVolume(original, table.Partitions[i]), ImageFixture.ReadVolume(key, table.Partitions[i]));
            Oracles.RequireCleanVolume(
                ImageFixture.ExtractVolume(report with { Path = path }, i, _folder), report.Partitions[i].Volume!.Type);
        }

        Range state = (int)report.Partitions[3].Offset..(int)(report.Partitions[3].Offset + report.Partitions[3].Size);
        Assert.True(image.AsSpan(state).SequenceEqual(medium.AsSpan(state)));
    }

    [Theory]
    [InlineData("chksum=\"", 8)]
    [InlineData("<BmapFileChecksum>", 18)]
    public void Bmaptool_refuses_a_map_with_a_wrong_checksum(string before, int behind)
    {
        WriteKey();
        string map = Write(".bmap");
        string text = File.ReadAllText(map);
        int digit = text.IndexOf(before, StringComparison.Ordinal) + behind;
        File.WriteAllText(map, text[..digit] + (text[digit] == '0' ? '1' : '0') + text[(digit + 1)..]);

        (string said, int exitCode) = HostTool.Run("bmap-tools", "bmaptool", "copy", "--bmap", map, ImagePath, _folder["medium"]);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("checksum mismatch", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".qcow2", "qcow2")]
    [InlineData(".vhd", "vpc")]
    public void Qemu_finds_a_disk_in_order_and_the_same(string suffix, string format)
    {
        WriteKey();

        string disk = Write(suffix);

        AssertDisk(disk, format);
        Assert.InRange(new FileInfo(disk).Length, 1, 30 * MiB);
    }

    [Fact]
    public void Qemu_finds_any_image_the_same() => Gen.Select(Gen.Int[1, 5000], Gen.Int[0, 4999].Array[0, 12]).Sample(
        (length, places) =>
        {
            using (FileStream image = File.Create(ImagePath))
            {
                WriteAnyDisk(image, length, places);
            }

            AssertDisk(Write(".qcow2"), "qcow2");
            AssertDisk(Write(".vhd"), "vpc");
        },
        iter: 15,
        threads: 1);

    [Fact]
    public void A_disk_of_many_tables_is_in_order()
    {
        // 512 MiB are a second-level table of qcow2.
        using (FileStream image = File.Create(ImagePath))
        {
            WriteAnyDisk(image, 1_400, [0, 511, 512, 1024, 1399]);
        }

        AssertDisk(Write(".qcow2"), "qcow2");
        AssertDisk(Write(".vhd"), "vpc");
    }

    [Fact]
    public void A_disc_is_the_image_but_for_what_lies_before_the_first_partition()
    {
        ImageReport report = WriteKey();

        byte[] disc = File.ReadAllBytes(Write(".iso"));

        byte[] image = File.ReadAllBytes(ImagePath);
        int first = (int)report.Partitions[0].Offset;
        Assert.True(disc.AsSpan(first..).SequenceEqual(image.AsSpan(first..)));
        Assert.True(disc.AsSpan(..32768).SequenceEqual(image.AsSpan(..32768)));
        Oracles.RequireCleanTable(_folder["key.iso"]);
    }

    [Fact]
    public void Xorriso_finds_a_boot_entry_of_a_disc_for_each_volume()
    {
        ImageReport report = WriteKey();

        string said = Succeeds("xorriso", "xorriso", "-indev", Write(".iso"), "-report_el_torito", "plain", "-find", "/");

        Assert.Contains($"1 session, {report.Size / 2048} data blocks", said, StringComparison.Ordinal);
        Assert.Contains("Volume id    : 'EMBER'", said, StringComparison.Ordinal);
        Assert.Equal(
            report.Partitions.Take(3).Select((partition, i) => $"{i + 1} UEFI y none 0x0000 0x00 0 {partition.Offset / 2048}"),
            said.Split('\n').Where(line => line.StartsWith("El Torito boot img :", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line[20..].Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.DoesNotContain("WARNING", said, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_that_no_firmware_starts_from_is_no_disc()
    {
        using (FileStream image = File.Create(ImagePath))
        {
            WriteAnyDisk(image, 4, []);
        }

        ImageException exception = Assert.Throws<ImageException>(() => Write(".iso"));

        Assert.Equal(
            (ErrorKind.Input, $"{ImagePath}: its first partition is not what a firmware starts from; name the image of a key"),
            (exception.Kind, exception.Message));
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Suffixes))]
    public void The_same_image_gives_the_same_bytes_with_holes_and_without(string suffix)
    {
        WriteKey();
        string first = Hash(Write(suffix));
        byte[] bytes = File.ReadAllBytes(ImagePath);
        File.Delete(ImagePath);
        File.WriteAllBytes(ImagePath, bytes);

        Assert.Equal(first, Hash(Write(suffix)));
    }

    // Another value means that what every vendor publishes changes: for a reason, or by mistake?
    [Theory]
    [InlineData(".img.zst", "6ee3a9e70f45aa099e2dd4a4edc7fe14ecf9cb28fa60eeb778d72de9890bdaff")]
    [InlineData(".bmap", "c587225aba3e0af3f68e610f1f26ba90ee622c7a2364df99953d47916ce0d3e7")]
    [InlineData(".qcow2", "0b183b4c7a108bac56dba2a8beddf84831851741c4335ad32327086577595643")]
    [InlineData(".vhd", "0c542cff53d2d05420130d37450aaeea6ccc28d2d65246498af4045ccc6bdf5c")]
    [InlineData(".iso", "951b249794d941c71d1814870d589a2d5365d45561527d4fa82e13818a3b4246")]
    public void The_bytes_are_those_they_have_always_been(string suffix, string sha256)
    {
        WriteKey();

        Assert.Equal(sha256, Hash(Write(suffix)));
    }

    [Theory]
    [MemberData(nameof(Suffixes))]
    public void Progress_ends_at_the_length_of_the_image(string suffix)
    {
        WriteKey();
        Steps steps = new();

        using SparseImage image = SparseImage.Open(ImagePath);
        Container(suffix).Write(image, _folder["made"], steps);

        Assert.Equal(steps.Values.Order(), steps.Values);
        Assert.Equal(image.Length, steps.Values[^1]);
    }

    [Theory]
    [MemberData(nameof(Suffixes))]
    public void Stopping_leaves_what_was_there(string suffix)
    {
        WriteKey();
        string made = _folder["made"];
        File.WriteAllText(made, "of yesterday");
        using CancellationTokenSource stop = new();
        stop.Cancel();

        using SparseImage image = SparseImage.Open(ImagePath);
        Assert.Throws<OperationCanceledException>(() => Container(suffix).Write(image, made, null, stop.Token));

        Assert.Equal("of yesterday", File.ReadAllText(made));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Theory]
    [InlineData(".bmap")]
    [InlineData(".vhd")]
    [InlineData(".iso")]
    public void An_image_that_is_damaged_is_refused_where_it_has_to_be_understood(string suffix)
    {
        ImageReport report = WriteKey();
        using (FileStream image = File.OpenWrite(ImagePath))
        {
            image.Position = report.Size - 1;
            image.WriteByte(1);
        }

        Assert.Equal(ErrorKind.Checked, Assert.Throws<ImageException>(() => Write(suffix)).Kind);
        Assert.Single(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void What_is_no_image_is_refused()
    {
        File.WriteAllBytes(_folder["odd"], new byte[513]);
        File.WriteAllBytes(_folder["empty"], []);
        foreach (string path in (string[])[_folder["missing"], _folder["odd"], _folder["empty"], _folder.Path])
        {
            ImageException exception = Assert.Throws<ImageException>(() => SparseImage.Open(path));
            Assert.Equal((ErrorKind.Input, path), (exception.Kind, exception.Where));
        }
    }

    private static IImageContainer Container(string suffix) => ImageContainers.All.Single(container => container.Suffix == suffix);

    /// <summary>A disk with a partition table, for that is what VHD takes its identifier from, and bytes here and there.</summary>
    private static void WriteAnyDisk(FileStream image, int mebibytes, IReadOnlyList<int> places)
    {
        GptTable table = new(new Guid("8f0e7c52-1c5b-4a0e-9a51-3d2f0f6a7b11"), mebibytes * MiB / 512, []);
        image.Write(GptWriter.Primary(table));
        foreach (int place in places.Where(place => place < mebibytes))
        {
            image.Position = (place * MiB) + (place * 1000 % MiB / 2) + 50_000;
            image.Write(ImageFixture.Pattern(1000 + place, (uint)place));
        }

        byte[] backup = GptWriter.Backup(table);
        image.Position = (mebibytes * MiB) - backup.Length;
        image.Write(backup);
    }

    private ImageReport WriteKey() => ImageWriter.Write(
        KeyLayout.Compact64.Request(new KeyContent
        {
            Name = "edge",
            Loader = ImageFixture.Pattern(40_000, 1),
            BankA = [ImageFile.FromBytes("core.efi", ImageFixture.Pattern(900_000, 2)), ImageFile.FromBytes("zeros", new byte[300_000])],
            BankB = [ImageFile.FromBytes("core.efi", ImageFixture.Pattern(900_000, 3))],
            State = ImageFixture.Pattern(1024, 4),
        }),
        ImagePath);

    private string Write(string suffix)
    {
        string path = _folder["key" + suffix];
        using SparseImage image = SparseImage.Open(ImagePath);
        Container(suffix).Write(image, path);
        return path;
    }

    private void AssertDisk(string disk, string format)
    {
        if (format == "qcow2")
        {
            string found = Succeeds("qemu-utils", "qemu-img", "check", "-f", format, disk);
            Assert.Contains("No errors were found", found, StringComparison.Ordinal);
        }

        string said = Succeeds("qemu-utils", "qemu-img", "compare", "-f", "raw", "-F", format, ImagePath, disk);
        Assert.Equal("Images are identical.\n", said);
    }

    private static string Succeeds(string package, string program, params string[] arguments)
    {
        (string text, int exitCode) = HostTool.Run(package, program, arguments);
        Assert.True(exitCode == 0, text);
        return text;
    }

    private static void AssertSameFile(string expected, string actual) => Assert.Equal(Hash(expected), Hash(actual));

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    private sealed class Steps : IProgress<long>
    {
        public List<long> Values { get; } = [];

        public void Report(long value) => Values.Add(value);
    }
}
