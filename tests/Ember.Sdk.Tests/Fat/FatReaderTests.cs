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

    private static SortedDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal)
    {
        ["DIR/A long file name.bin"] = ImageFixture.Pattern(1500, 1),
        ["DIR/SUB/X"] = ImageFixture.Pattern(1, 2),
        ["EMPTY"] = [],
        ["ROOT.BIN"] = ImageFixture.Pattern(512, 3),
    };

    private static Dictionary<FatType, byte[]> Volumes { get; } =
        Enum.GetValues<FatType>().ToDictionary(type => type, type => VolumeFixture.Bytes(Files, type));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    [InlineData(FatType.Fat32)]
    public void A_wrong_byte_outside_files_is_refused_or_changes_what_is_read(FatType type)
    {
        byte[] good = Volumes[type];
        byte[] volume = [.. good];
        using MemoryStream stream = new(volume);
        string expected = Describe(stream);
        foreach (int offset in MetadataOffsets(type).Where(offset => good[offset] != 0 || offset % 7 == 0))
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

            Assert.True(actual != expected || IsUnchecked(type, offset), $"the wrong byte at 0x{offset:X} went unseen");
            volume[offset] ^= 0x01;
        }
    }

    [Theory]
    [InlineData(FatType.Fat12, 2)]
    [InlineData(FatType.Fat16, 20)]
    [InlineData(FatType.Fat32, 40)]
    public void Volumes_that_mkfs_and_mtools_wrote_are_read(FatType type, int mebibytes)
    {
        string volume = _folder["theirs.img"];
        using (FileStream stream = File.Create(volume))
        {
            stream.SetLength(mebibytes * VolumeFixture.MiB);
        }

        string source = _folder["source"];
        Directory.CreateDirectory(Path.Combine(source, "DIR", "SUB"));
        foreach ((string path, byte[] content) in Files)
        {
            File.WriteAllBytes(Path.Combine(source, path), content);
        }

        Succeeds(HostTool.Run("dosfstools", "mkfs.fat", "-F", $"{(int)type}", "-n", "THEIRS", "-i", "12345678", volume));
        Succeeds(HostTool.Run("mtools", "mcopy", "-s", "-i", volume,
            Path.Combine(source, "DIR"), Path.Combine(source, "EMPTY"), Path.Combine(source, "ROOT.BIN"), "::/"));

        ImageFixture.AssertSameFiles(Files, VolumeFixture.Files(volume));
        using FileStream theirs = File.OpenRead(volume);
        FatReader reader = FatReader.Open(theirs, 0, theirs.Length);
        Assert.Equal(type, reader.Geometry.Type);
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
        using MemoryStream stream = new(Volumes[FatType.Fat32][..length]);

        Assert.Throws<ImageException>(() => FatReader.Open(stream, 0, length));
        Assert.Throws<ImageException>(() => FatReader.Open(stream, 0, Volumes[FatType.Fat32].Length));
    }

    [Theory]
    [InlineData(FatType.Fat12, 0xFFF)]
    [InlineData(FatType.Fat16, 0xFFFF)]
    [InlineData(FatType.Fat32, 0x0FFF_FFFF)]
    public void Chains_that_cross_loop_leave_or_belong_to_nothing_are_refused(FatType type, uint end)
    {
        uint directory = Entry(type, "DIR").FirstCluster;
        uint file = Entry(type, "DIR/A long file name.bin").FirstCluster;
        uint other = Entry(type, "ROOT.BIN").FirstCluster;
        uint clusters = (uint)Geometry(type).ClusterCount;

        Refused("belongs to something else", (file, directory));
        Refused("belongs to something else", (other, file));
        Refused("belongs to something else", (2, 2));
        Refused("which is none", (file, 0));
        Refused("which is none", (file, 1));
        Refused("which is none", (file, end - 8));
        Refused("which is none", (file, clusters + 2));
        Refused("are not what its 1500 bytes need", (file, end));
        Refused("are not what its 1500 bytes need", (file, end - 7));
        Refused("in use, and by nothing", (clusters - 1, end));
        Refused("in use, and by nothing", (clusters, end));
        Refused("not in order", (1, end >> 1));
        Refused("media byte", (0, end - 0xF));
        Refused("beyond the last cluster", (clusters + 2, 1));

        void Refused(string what, params (uint Cluster, uint Value)[] changes)
        {
            byte[] volume = [.. Volumes[type]];
            foreach ((uint cluster, uint value) in changes)
            {
                for (int copy = 0; copy < 2; copy++)
                {
                    SetEntry(volume.AsSpan((int)Geometry(type).FatSector(copy) * Sector), type, (int)cluster, value);
                }
            }

            ImageException exception = Assert.Throws<ImageException>(() => Open(volume));
            Assert.Contains(what, exception.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(FatType.Fat12, 0xFFFF)]
    [InlineData(FatType.Fat16, 0xFFF8)]
    [InlineData(FatType.Fat32, 0xFFF8)]
    public void A_file_that_begins_outside_the_volume_is_refused(FatType type, ushort cluster)
    {
        byte[] volume = [.. Volumes[type]];
        int entry = volume.AsSpan().IndexOf("ROOT    BIN"u8);
        BinaryPrimitives.WriteUInt16LittleEndian(volume.AsSpan(entry + 26), cluster);
        BinaryPrimitives.WriteUInt16LittleEndian(volume.AsSpan(entry + 20), 0x0FFF);

        Assert.Contains("which is none", Assert.Throws<ImageException>(() => Open(volume)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(488, 1u, "counts")]
    [InlineData(488, 0xFFFF_FFFFu, "counts")]
    [InlineData(492, 0u, "which is none")]
    [InlineData(492, 67_000u, "which is none")]
    [InlineData(492, 0xFFFF_FFFEu, "which is none")]
    public void An_FSInfo_that_is_wrong_is_refused(int offset, uint value, string what)
    {
        byte[] volume = [.. Volumes[FatType.Fat32]];
        BinaryPrimitives.WriteUInt32LittleEndian(volume.AsSpan(Sector + offset), value);

        Assert.Contains(what, Assert.Throws<ImageException>(() => Open(volume)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FatType.Fat12)]
    [InlineData(FatType.Fat16)]
    [InlineData(FatType.Fat32)]
    public void A_folder_that_contains_itself_is_refused(FatType type)
    {
        byte[] volume = [.. Volumes[type]];
        int entry = (int)Geometry(type).ClusterOffset(Entry(type, "DIR").FirstCluster) + 2 * 32;
        while (volume[entry] != (byte)'S')
        {
            entry += 32;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(volume.AsSpan(entry + 26), (ushort)Entry(type, "DIR").FirstCluster);

        ImageException exception = Assert.Throws<ImageException>(() => Open(volume));
        Assert.Contains("belongs to something else", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_missing()
    {
        ImageException exception = Assert.Throws<ImageException>(() => Open(Volumes[FatType.Fat16]).ReadFile("DIR/MISSING"));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal(Files["DIR/SUB/X"], Open(Volumes[FatType.Fat16]).ReadFile("dir/sub/x"));
    }

    private static FatReader Open(byte[] volume) => FatReader.Open(new MemoryStream(volume), 0, volume.Length);

    private static FatGeometry Geometry(FatType type) => Open(Volumes[type]).Geometry;

    private static FatEntry Entry(FatType type, string path) => Open(Volumes[type]).Entries.Single(entry => entry.Path == path);

    private static void SetEntry(Span<byte> fat, FatType type, int cluster, uint value)
    {
        switch (type)
        {
            case FatType.Fat12:
                Span<byte> pair = fat.Slice(cluster / 2 * 3, 3);
                uint both = pair[0] | (uint)pair[1] << 8 | (uint)pair[2] << 16;
                both = cluster % 2 == 0 ? both & 0xFFF000 | value : both & 0xFFF | value << 12;
                (pair[0], pair[1], pair[2]) = ((byte)both, (byte)(both >> 8), (byte)(both >> 16));
                break;
            case FatType.Fat16:
                BinaryPrimitives.WriteUInt16LittleEndian(fat[(cluster * 2)..], (ushort)value);
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(fat[(cluster * 4)..], value);
                break;
        }
    }

    private static string Describe(Stream volume)
    {
        FatReader reader = FatReader.Open(volume, 0, volume.Length);
        return $"{reader.Label} {reader.VolumeId} {reader.Geometry}\n{string.Join('\n', reader.Entries)}";
    }

    /// <summary>Reserved sectors, the FATs around what they hold, and all that belongs to folders.</summary>
    private static IEnumerable<int> MetadataOffsets(FatType type)
    {
        FatGeometry geometry = Geometry(type);
        IEnumerable<int> offsets = Enumerable.Range(0, Math.Min(8, geometry.ReservedSectors) * Sector);
        foreach (int copy in (int[])[0, 1])
        {
            int fat = (int)geometry.FatSector(copy) * Sector;
            int end = fat + geometry.SectorsPerFat * Sector;
            offsets = [.. offsets, .. Enumerable.Range(fat, 64), .. Enumerable.Range(end - 16, 16)];
        }

        offsets = [.. offsets, .. Enumerable.Range((int)geometry.RootSector * Sector, geometry.RootSectors * Sector)];
        List<uint> folders =
        [
            .. Open(Volumes[type]).Entries.Where(entry => entry.IsDirectory).Select(entry => entry.FirstCluster),
            .. type == FatType.Fat32 ? [FatGeometry.FirstCluster] : (uint[])[],
        ];
        foreach (uint cluster in folders)
        {
            offsets = [.. offsets, .. Enumerable.Range((int)geometry.ClusterOffset(cluster), geometry.ClusterSize)];
        }

        return offsets;
    }

    /// <summary>
    /// What a reader has to let pass: reserved sectors without a use mean nothing, FSInfo's next free cluster is a hint, its backup goes
    /// out of date, and times, case bits and attributes in folder entries may be anything. Without a backup of the boot sector, so may its
    /// code, names and disk geometry.
    /// </summary>
    private static bool IsUnchecked(FatType type, int offset)
    {
        FatGeometry geometry = Geometry(type);
        bool isUnused = type == FatType.Fat32
            ? offset is >= 2 * Sector and < 6 * Sector
                or >= Sector + 492 and < Sector + 496
                or >= 7 * Sector + 488 and < 7 * Sector + 496
            : offset is 1 or >= 3 and < 11 or >= 24 and < 28 or 36 or >= 62 and < 510
                || offset >= Sector && offset < geometry.ReservedSectors * Sector;
        return isUnused || offset >= geometry.RootSector * Sector && offset % 32 is 11 or 12 or >= 13 and <= 19 or >= 22 and <= 25;
    }
}
