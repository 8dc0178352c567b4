using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace Ember.Sdk.Media.Devices;

/// <summary>The block devices of a host at one time, read from <c>/sys</c> and <c>/proc</c>; no device is opened for it.</summary>
public sealed class BlockDevices
{
    private const int KernelSectorSize = 512;
    private const int OpticalDisc = 5;

    private readonly SystemTree _tree;
    private readonly BlockGraph _graph;

    private BlockDevices(SystemTree tree)
    {
        _tree = tree;
        _graph = new BlockGraph(tree);
        All = [.. _graph.Nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(Describe)];
    }

    /// <summary>Every disk and partition, sorted by name.</summary>
    public IReadOnlyList<BlockDevice> All { get; }

    /// <summary>What a key may be made of: whole removable disks with a medium in them.</summary>
    public IEnumerable<BlockDevice> Removable => All.Where(device => device is { IsRemovable: true, Disk: null, Length: > 0 });

    /// <summary>Reads what devices there are.</summary>
    /// <param name="root">The folder that stands for <c>/</c>.</param>
    /// <exception cref="EmberException">The kernel's tables cannot be read (exit code 3).</exception>
    public static BlockDevices Read(string root = "/") => new(new SystemTree(root));

    /// <summary>The device of that major and minor number; null if there is none.</summary>
    public BlockDevice? Find(string number) => All.FirstOrDefault(device => device.Number == number);

    /// <summary>The device whose node is at <paramref name="path"/>, links followed.</summary>
    /// <exception cref="EmberException">There is no such device (exit code 2).</exception>
    public BlockDevice At(string path)
    {
        NodeStatus? status = NativeFile.Status(path);
        string what = status is null ? "there is no such device" : "is no disk";
        return (status is { IsBlockDevice: true } ? Find(status.Device) : null) ?? throw new EmberException(ErrorKind.Input,
            $"{path}: {what}; 'ember write --list' shows what there is, and --file writes an ordinary file");
    }

    /// <summary>True if the file <paramref name="path"/> lies on <paramref name="device"/>.</summary>
    /// <param name="device">One of <see cref="All"/>.</param>
    /// <param name="path">Absolute.</param>
    public bool Holds(BlockDevice device, string path) => _graph.Holds(
        _graph.Nodes.First(node => node.Number == device.Number), path, NativeFile.Status(path)?.FileSystem);

    private BlockDevice Describe(BlockNode node)
    {
        string disk = node.Disk is null ? node.Folder : $"/sys/block/{node.Disk}";
        string device = $"{disk}/device";
        string? usb = UsbFolder(disk);
        bool isOptical = Number(_tree.Attribute($"{device}/type")) == OpticalDisc;
        return new BlockDevice
        {
            Name = DeviceText.Clean(node.Name),
            Number = node.Number,
            Disk = node.Disk is null ? null : DeviceText.Clean(node.Disk),
            Vendor = First($"{device}/vendor", usb is null ? null : $"{usb}/manufacturer"),
            Model = First($"{device}/model", $"{device}/name", usb is null ? null : $"{usb}/product"),
            Serial = Serial(disk, device, usb),
            Length = Length(_tree.Attribute($"{node.Folder}/size")),
            SectorSize = (int)Number(_tree.Attribute($"{disk}/queue/logical_block_size"), KernelSectorSize),
            IsRemovable = !isOptical
                && (_tree.Attribute($"{disk}/removable") == "1" || usb is not null || _tree.Attribute($"{device}/type") == "SD"),
            IsReadOnly = isOptical || _tree.Attribute($"{node.Folder}/ro") == "1",
            Uses = _graph.UsesOf(node),
        };
    }

    private string First(params IEnumerable<string?> paths) =>
        paths.OfType<string>().Select(path => DeviceText.Clean(_tree.Attribute(path))).FirstOrDefault(text => text.Length != 0) ?? "";

    // In the order in which lsblk looks, so that both show the same.
    private string Serial(string disk, string device, string? usb)
    {
        string serial = First(usb is null ? null : $"{usb}/serial", $"{disk}/serial", $"{device}/serial");
        if (serial.Length != 0)
        {
            return serial;
        }

        // SCSI primary commands, 7.8.16: vital product data, unit serial number.
        byte[] page = _tree.Bytes($"{device}/vpd_pg80");
        if (page.Length < 4)
        {
            return "";
        }

        int length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(page.AsSpan(2)), page.Length - 4);
        return DeviceText.Clean(Encoding.Latin1.GetString(page, 4, length).Trim('\0', ' '));
    }

    // A disk behind USB has the USB device among the folders that its own lies in; only that one has a product's number.
    private string? UsbFolder(string disk)
    {
        string folder = _tree.Resolve(disk);
        while (folder.LastIndexOf('/') is > 0 and int end)
        {
            folder = folder[..end];
            if (_tree.HasFile($"{folder}/idProduct"))
            {
                return folder;
            }
        }

        return null;
    }

    private static long Length(string sectors) => Math.Clamp(Number(sectors), 0, long.MaxValue / KernelSectorSize) * KernelSectorSize;

    private static long Number(string text, long otherwise = 0) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : otherwise;
}
