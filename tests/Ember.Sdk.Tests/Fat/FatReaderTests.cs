using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ember.Sdk.Fat;
using Ember.Sdk.Tests.Hosting;
using Ember.Sdk.Tests.Images;

namespace Ember.Sdk.Tests.Fat;

public sealed class FatReaderTests : IDisposable
{
    private const int Sector = 512;

    private static FatGeometry Geometry { get; } = FatGeometry.ForVolume(VolumeFixture.SmallestVolume / Sector)!.Value;
    private static SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal)
    {
        ["DIR/A long file name.bin"] = ImageFixture.Pattern(1500, 1),
        ["DIR/SUB/X"] = ImageFixture.Pattern(1, 2),
        ["EMPTY"] = [],
        ["ROOT.BIN"] = ImageFixture.Pattern(512, 3),
    };

    private static byte[] Good { get; } = VolumeFixture.Bytes(Files);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_wrong_byte_outside_files_is_refused_or_changes_what_is_read()
    {
        byte[] volume = [.. Good];
        using MemoryStream stream = new(volume);
        string expected = Describe(stream);
        foreach (int offset in MetadataOffsets().Where(offset => Good[offset] != 0 || offset % 7 == 0))
        {
            volume[offset] ^= 0x01;
            string? actual = null;
            try
            {
                actual = Describe(stream);
            }
            catch (ImageException exception)
            {
                Assert.Equal(ErrorKind.Checked, exception.Kind);
            }

            Assert.True(actual != expected || IsUnchecked(offset), $"the wrong byte at 0x{offset:X} went unseen");
            volume[offset] ^= 0x01;
        }
    }

    [Fact]
    public void Volumes_that_mkfs_and_mtools_wrote_are_read()
    {
        string volume = _folder["theirs.img"];
        using (FileStream stream = File.Create(volume))
        {
            stream.SetLength(40 * VolumeFixture.MiB);
        }

        string source = _folder["source"];
        Directory.CreateDirectory(Path.Combine(source, "DIR", "SUB"));
        foreach ((string path, byte[] content) in Files)
        {
            File.WriteAllBytes(Path.Combine(source, path), content);
        }

        Succeeds(HostTool.Run("dosfstools", "mkfs.fat", "-F", "32", "-n", "THEIRS", "-i", "12345678", volume));
        Succeeds(HostTool.Run("mtools", "mcopy", "-s", "-i", volume,
            Path.Combine(source, "DIR"), Path.Combine(source, "EMPTY"), Path.Combine(source, "ROOT.BIN"), "::/"));

        ImageFixture.AssertSameFiles(Files, VolumeFixture.Files(volume));
        using FileStream theirs = File.OpenRead(volume);
        FatReader reader = FatReader.Open(theirs, 0, theirs.Length);
        Assert.Equal("THEIRS", reader.Label);
        Assert.Equal(0x1234_5678u, reader.VolumeId);

        static void Succeeds((string Text, int ExitCode) run) => Assert.True(run.ExitCode == 0, run.Text);
    }

    [Fact]
    public void A_volume_with_too_few_clusters_is_refused_though_fsck_exits_with_0()
    {
        string volume = _folder["illegal.img"];
        using (FileStream stream = File.Create(volume))
        {
            stream.SetLength(32 * VolumeFixture.MiB);
        }

        HostTool.Run("dosfstools", "mkfs.fat", "-F", "32", "-s", "1", "-n", "ILLEGAL", volume);
        (string text, int exitCode) = HostTool.Run("dosfstools", "fsck.fat", "-n", volume);
        Assert.Equal(0, exitCode);
        Assert.Contains("less than the required minimum of 65525", text, StringComparison.Ordinal);

        ImageException exception = Assert.Throws<ImageException>(() => VolumeFixture.Entries(volume));
        Assert.Contains("clusters make it no FAT32 volume", exception.What, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(511)]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(600_000)]
    [InlineData(33 * 1024 * 1024 - 1)]
    public void A_truncated_volume_is_refused(int length)
    {
        using MemoryStream stream = new(Good[..length]);

        Assert.Throws<ImageException>(() => FatReader.Open(stream, 0, length));
        Assert.Throws<ImageException>(() => FatReader.Open(stream, 0, Good.Length));
    }

    [Fact]
    public void Chains_that_cross_loop_leave_or_belong_to_nothing_are_refused()
    {
        uint directory = Entry("DIR").FirstCluster;
        uint file = Entry("DIR/A long file name.bin").FirstCluster;
        uint other = Entry("ROOT.BIN").FirstCluster;
        const uint End = 0x0FFF_FFFF;

        Refused("belongs to something else", (file, directory));
        Refused("belongs to something else", (other, file));
        Refused("belongs to something else", (2, 2));
        Refused("which is none", (file, 0));
        Refused("which is none", (file, 1));
        Refused("which is none", (file, 0x0FFF_FFF7));
        Refused("which is none", (file, (uint)Geometry.ClusterCount + 2));
        Refused("are not what its 1500 bytes need", (file, End));
        Refused("in use, and by nothing", (60_000, End));
        Refused("not in order", (1, 0x07FF_FFFF));
        Refused("media byte", (0, 0x0FFF_FFF0));
        Refused("beyond the last cluster", ((uint)Geometry.ClusterCount + 2, 1));

        static void Refused(string what, params (uint Cluster, uint Value)[] changes)
        {
            byte[] volume = [.. Good];
            foreach ((uint cluster, uint value) in changes)
            {
                for (int copy = 0; copy < 2; copy++)
                {
                    long offset = Geometry.FatSector(copy) * Sector + cluster * 4;
                    BinaryPrimitives.WriteUInt32LittleEndian(volume.AsSpan((int)offset), value);
                }
            }

            ImageException exception = Assert.Throws<ImageException>(() => Open(volume));
            Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(488, 1u, "counts")]
    [InlineData(488, 0xFFFF_FFFFu, "counts")]
    [InlineData(492, 0u, "which is none")]
    [InlineData(492, 67_000u, "which is none")]
    [InlineData(492, 0xFFFF_FFFEu, "which is none")]
    public void An_FSInfo_that_is_wrong_is_refused(int offset, uint value, string what)
    {
        byte[] volume = [.. Good];
        BinaryPrimitives.WriteUInt32LittleEndian(volume.AsSpan(Sector + offset), value);

        Assert.Contains(what, Assert.Throws<ImageException>(() => Open(volume)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_contains_itself_is_refused()
    {
        byte[] volume = [.. Good];
        int entry = (int)Geometry.ClusterOffset(Entry("DIR").FirstCluster) + 2 * 32;
        while (volume[entry] != (byte)'S')
        {
            entry += 32;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(volume.AsSpan(entry + 26), (ushort)Entry("DIR").FirstCluster);

        ImageException exception = Assert.Throws<ImageException>(() => Open(volume));
        Assert.Contains("belongs to something else", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_missing()
    {
        ImageException exception = Assert.Throws<ImageException>(() => Open(Good).ReadFile("DIR/MISSING"));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal(Files["DIR/SUB/X"], Open(Good).ReadFile("dir/sub/x"));
    }

    private static FatReader Open(byte[] volume) => FatReader.Open(new MemoryStream(volume), 0, volume.Length);

    private static FatEntry Entry(string path) => Open(Good).Entries.Single(entry => entry.Path == path);

    private static string Describe(Stream volume)
    {
        FatReader reader = FatReader.Open(volume, 0, volume.Length);
        return $"{reader.Label} {reader.VolumeId} {reader.Geometry}\n{string.Join('\n', reader.Entries)}";
    }

    /// <summary>Reserved sectors, the FATs around what they hold, and all the clusters of folders.</summary>
    private static IEnumerable<int> MetadataOffsets()
    {
        IEnumerable<int> offsets = Enumerable.Range(0, 8 * Sector);
        foreach (int copy in (int[])[0, 1])
        {
            int fat = (int)Geometry.FatSector(copy) * Sector;
            int end = fat + Geometry.SectorsPerFat * Sector;
            offsets = [.. offsets, .. Enumerable.Range(fat, 64), .. Enumerable.Range(end - 16, 16)];
        }

        IEnumerable<FatEntry> directories = Open(Good).Entries.Where(entry => entry.IsDirectory);
        foreach (uint cluster in directories.Select(entry => entry.FirstCluster).Prepend(FatGeometry.FirstCluster))
        {
            offsets = [.. offsets, .. Enumerable.Range((int)Geometry.ClusterOffset(cluster), Geometry.ClusterSize)];
        }

        return offsets;
    }

    /// <summary>
    /// What a reader has to let pass: sectors 2 to 5 mean nothing, FSInfo's next free cluster is a hint, its backup goes out of
    /// date, and times, case bits and attributes in folder entries may be anything.
    /// </summary>
    private static bool IsUnchecked(int offset) =>
        offset is >= 2 * Sector and < 6 * Sector
        || offset is >= Sector + 492 and < Sector + 496 or >= 7 * Sector + 488 and < 7 * Sector + 496
        || offset >= Geometry.DataSector * Sector && offset % 32 is 11 or 12 or >= 13 and <= 19 or >= 22 and <= 25;
}
