using System;
using System.IO;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Sdk.Media.Devices;
using Ember.Sdk.Media.Refusals;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Media;

public sealed class BlockDevicesTests : IDisposable
{
    private static readonly string[] _attributes =
        ["device/vendor", "device/model", "serial", "device/vpd_pg80", "size", "queue/logical_block_size"];

    private readonly TemporaryFolder _folder = new();
    private readonly DeviceTree _tree;

    public BlockDevicesTests() => _tree = new DeviceTree(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_key_is_described_by_its_disk_and_its_usb_device()
    {
        const string usb = "sys/devices/pci0/usb1/1-2";
        _tree.Write($"{usb}/idProduct", "5567\n");
        _tree.Write($"{usb}/serial", "4C530001\n");
        _tree.Write($"{usb}/1-2:1.0/host6/target/block/sdb/dev", "8:16\n");
        _tree.Write($"{usb}/1-2:1.0/host6/target/block/sdb/size", "15625000\n");
        _tree.Write($"{usb}/1-2:1.0/host6/target/block/sdb/device/vendor", "SanDisk \n");
        _tree.Write($"{usb}/1-2:1.0/host6/target/block/sdb/device/model", "Cruzer Blade    \n");
        _tree.Link("sys/block/sdb", $"{usb}/1-2:1.0/host6/target/block/sdb");
        BlockDevice key = Assert.Single(_tree.Read().Removable);
        Assert.Equal(
            ("/dev/sdb", "SanDisk", "Cruzer Blade", "4C530001", 8_000_000_000L, "4C530001"),
            (key.Path, key.Vendor, key.Model, key.Serial, key.Length, key.Confirmation));
        Assert.Empty(WriteRules.Check(key, new WriteIntent()));
    }

    [Fact]
    public void The_serial_number_of_a_disk_is_in_its_vital_product_data()
    {
        _tree.Disk("sda", "8:0", isRemovable: false);
        _tree.Write("sys/block/sda/device/vpd_pg80", [0, 0x80, 0, 6, .. "  S3R1"u8]);
        Assert.Equal("S3R1", _tree.Device("sda").Serial);
        _tree.Write("sys/block/sda/device/vpd_pg80", [0, 0x80, 0xFF, 0xFF, .. "AB"u8]);
        Assert.Equal("AB", _tree.Device("sda").Serial);
        _tree.Write("sys/block/sda/device/vpd_pg80", [0]);
        Assert.Equal("sda:8000000000", _tree.Device("sda").Confirmation);
    }

    [Fact]
    public void Only_removable_disks_with_a_medium_are_offered()
    {
        _tree.Disk("sda", "8:0", isRemovable: false);
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        _tree.Write(_tree.Disk("sdc", "8:32") + "/size", "0\n");
        _tree.Write(_tree.Disk("sr0", "11:0") + "/device/type", "5\n");
        _tree.Write(_tree.Disk("mmcblk0", "179:0", isRemovable: false) + "/device/type", "SD\n");
        Assert.Equal(["mmcblk0", "sdb"], _tree.Read().Removable.Select(device => device.Name));
    }

    [Fact]
    public void Names_cannot_hide_what_a_device_is()
    {
        string folder = _tree.Disk("sdb", "8:16");
        _tree.Write($"{folder}/device/model", "good\u202Edab\u001B[2J\r\nх" + new string('y', 500));
        Assert.Matches(@"^good\?dab\?\[2J\?\?\?y{1,60}$", _tree.Device("sdb").Model);
    }

    [Fact]
    public void Whatever_a_device_says_of_itself_is_shown_in_printable_ASCII()
    {
        string folder = _tree.Disk("sdb", "8:16");
        Gen.Byte.Array[0, 5000].Sample(bytes =>
        {
            foreach (string name in _attributes)
            {
                _tree.Write($"{folder}/{name}", bytes);
            }

            BlockDevice device = _tree.Device("sdb");
            foreach (string text in new[] { device.Vendor, device.Model, device.Serial, device.Confirmation })
            {
                Assert.InRange(text.Length, 0, 64);
                Assert.All(text, character => Assert.InRange(character, ' ', '~'));
            }

            Assert.True(device.Length >= 0);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Hostile_tables_of_mounts_and_swaps_are_read_without_a_crash()
    {
        _tree.Disk("sdb", "8:16");
        Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Char["0123456789: /-\\\n"].Array[0, 200].Select(text => Encoding.ASCII.GetBytes(text))).Sample(bytes =>
        {
            _tree.Write("proc/self/mountinfo", bytes);
            _tree.Write("proc/swaps", bytes);
            Assert.NotNull(_tree.Read().All);
        }, iter: 300, threads: 1);
    }

    [Fact]
    public void Without_the_kernels_tables_nothing_is_taken_for_free()
    {
        _tree.Disk("sdb", "8:16");
        File.Delete(_folder["proc/self/mountinfo"]);
        Assert.Equal(ErrorKind.Host, Assert.Throws<EmberException>(() => _tree.Read()).Kind);
        Directory.Delete(_folder["sys"], recursive: true);
        Assert.Equal(ErrorKind.Host, Assert.Throws<EmberException>(() => _tree.Read()).Kind);
    }

    [Theory]
    [InlineData("8:17", "/", "/dev/root", "system")]
    [InlineData("8:17", "/boot/efi", "/dev/sdb1", "system")]
    [InlineData("8:17", "/usr", "/dev/sdb1", "system")]
    [InlineData("8:17", "/media/my\\040key", "/dev/sdb1", "mounted")]
    [InlineData("8:16", "/mnt", "/dev/sdb", "mounted")]
    [InlineData("0:45", "/mnt", "/dev/sdb1", "mounted")]
    [InlineData("0:45", "/home", "/dev/sdb1", "system")]
    public void A_disk_whose_partition_is_mounted_is_refused(string number, string point, string source, string rule)
    {
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        Assert.Empty(_tree.Device("sdb").Uses);
        _tree.Mount(number, point, source);
        AssertRefused("sdb", rule);
    }

    [Fact]
    public void A_disk_is_refused_for_what_is_made_of_it_however_far()
    {
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        _tree.Disk("md0", "9:0", isRemovable: false);
        string mapped = _tree.Disk("dm-0", "253:0", isRemovable: false);
        _tree.Write($"{mapped}/dm/name", "vg-root\n");
        _tree.Holder("sys/block/sdb/sdb1", "md0");
        AssertRefused("sdb", "held");
        _tree.Holder("sys/block/md0", "dm-0");
        _tree.Holder("sys/block/dm-0", "md0");
        _tree.Mount("0:60", "/var/lib", "/dev/mapper/vg-root");
        AssertRefused("sdb", "system");
        Assert.Contains(_tree.Device("sdb").Uses, use => use.Device == "/dev/mapper/vg-root");
    }

    [Fact]
    public void A_disk_is_refused_for_a_loop_device_on_a_file_of_it()
    {
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        string loop = _tree.Disk("loop0", "7:0", isRemovable: false);
        _tree.Write($"{loop}/loop/backing_file", "/cdrom/live/usr.squashfs\n");
        _tree.Mount("8:17", "/cdrom", "/dev/sdb1");
        AssertRefused("sdb", "mounted");
        _tree.Mount("7:0", "/usr", "/dev/loop0");
        AssertRefused("sdb", "system");
    }

    [Fact]
    public void A_disk_is_refused_for_swap_and_for_a_volume_of_several_disks()
    {
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        _tree.Write("proc/swaps", "Filename Type Size Used Priority\n/dev/sdb1 partition 1 0 -2\n");
        AssertRefused("sdb", "swap");
        _tree.Disk("sdc", "8:32");
        Directory.CreateDirectory(_folder["sys/fs/btrfs/1234/devices/sdc"]);
        AssertRefused("sdc", "held");
    }

    [Fact]
    public void Other_disks_are_not_refused_for_it()
    {
        _tree.Disk("sdb", "8:16");
        _tree.Disk("sdc", "8:32");
        _tree.Mount("8:16", "/mnt", "/dev/sdb");
        _tree.Mount("8:17", "/mnt2", "/dev/sdb1");
        Assert.Empty(WriteRules.Check(_tree.Device("sdc"), new WriteIntent()));
    }

    [Fact]
    public void Each_rule_refuses_by_its_name()
    {
        BlockDevice good = new() { Name = "sdb", Number = "8:16", Length = 8_000_000_000, IsRemovable = true, Serial = "S1" };
        Assert.Empty(WriteRules.Check(good, new WriteIntent { ImageLength = 8_000_000_000 }));
        Only("too-small", good, new WriteIntent { ImageLength = 8_000_000_001 });
        Only("source", good, new WriteIntent { HoldsImage = true });
        Only("read-only", good with { IsReadOnly = true });
        Only("partition", good with { Disk = "sda" });
        Only("sector-size", good with { SectorSize = 4096 });
        Only("empty", good with { Length = 0 });
        BlockDevice large = good with { Length = WriteRules.LargeLength + 1 };
        Only("large", large);
        Assert.Empty(WriteRules.Check(large, new WriteIntent { AllowLarge = true }));
        BlockDevice builtIn = good with { IsRemovable = false };
        Only("fixed", builtIn);
        Assert.Empty(WriteRules.Check(builtIn, new WriteIntent { IsNamed = true }));
        EmberException refused = Assert.Throws<EmberException>(() => WriteRules.Require(builtIn, new WriteIntent()));
        Assert.Equal((2, "/dev/sdb: refused by rule 'fixed': it is built in, not removable; give --yes-erase 'S1' if it is meant"),
            (refused.ExitCode, refused.Message));

        static void Only(string rule, BlockDevice device, WriteIntent? intent = null) =>
            Assert.Equal(rule, Assert.Single(WriteRules.Check(device, intent ?? new WriteIntent())).Rule);
    }

    [Fact]
    public void The_disk_that_an_image_lies_on_is_known()
    {
        _tree.Disk("sdb", "8:16");
        _tree.Partition("sdb", "sdb1", "8:17");
        _tree.Disk("sdc", "8:32");
        _tree.Mount("0:1", "/", "none");
        _tree.Mount("8:17", "/media/key", "/dev/sdb1");
        BlockDevices devices = _tree.Read();
        Assert.True(devices.Holds(_tree.Device("sdb"), "/media/key/a.img"));
        Assert.False(devices.Holds(_tree.Device("sdb"), "/media/keys/a.img"));
        Assert.False(devices.Holds(_tree.Device("sdc"), "/media/key/a.img"));
    }

    private void AssertRefused(string disk, string rule) =>
        Assert.Equal(rule, WriteRules.Check(_tree.Device(disk), new WriteIntent { IsNamed = true })[0].Rule);
}
