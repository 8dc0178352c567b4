using System;
using System.Buffers.Binary;
using Ember.Sdk.Output;

namespace Ember.Sdk.Fat;

/// <summary>
/// Makes everything of a volume but the bytes of its files. What it does not mention is zero. The same layout and identity give
/// the
/// same bytes.
/// </summary>
public static class FatWriter
{
    /// <summary>
    /// Hands boot sectors, FSInfo, both FATs and every folder to <paramref name="write"/>, at offsets within the volume.
    /// </summary>
    /// <exception cref="ImageException">The label is not one.</exception>
    public static void WriteMetadata(FatLayout layout, FatIdentity identity, WriteAt write)
    {
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentNullException.ThrowIfNull(identity);
        ArgumentNullException.ThrowIfNull(write);
        write(0, ReservedSectors(layout, identity));
        byte[] allocationTable = AllocationTable(layout);
        for (int copy = 0; copy < FatGeometry.FatCount; copy++)
        {
            write(layout.Geometry.FatSector(copy) * FatGeometry.SectorSize, allocationTable);
        }

        foreach (FatNode directory in layout.Tree.Directories)
        {
            long offset = IsBeforeClusters(layout, directory)
                ? layout.Geometry.RootSector * FatGeometry.SectorSize
                : layout.Geometry.ClusterOffset(layout.FirstCluster(directory));
            write(offset, Directory(layout, identity, directory));
        }
    }

    /// <summary>Whether it is the root folder of FAT12 or FAT16.</summary>
    private static bool IsBeforeClusters(FatLayout layout, FatNode directory) =>
        directory.Parent is null && layout.Geometry.RootEntryCount != 0;

    private static byte[] ReservedSectors(FatLayout layout, FatIdentity identity)
    {
        byte[] sectors = new byte[FatBootSector.UsedSectors(layout.Geometry.Type) * FatGeometry.SectorSize];
        FatBootSector boot = new(layout.Geometry, identity.VolumeId, identity.Label, identity.HiddenSectors);
        if (layout.Geometry.Type != FatType.Fat32)
        {
            boot.Encode(sectors);
            return sectors;
        }

        FatInfoSector info = new(layout.FreeClusters, layout.FreeClusters == 0 ? FatInfoSector.Unknown : layout.NextFreeCluster);
        foreach (int first in (ReadOnlySpan<int>)[0, FatBootSector.BackupSector])
        {
            boot.Encode(Sector(first));
            info.Encode(Sector(first + FatBootSector.FsInfoSector));
        }

        return sectors;

        Span<byte> Sector(int number) => sectors.AsSpan(number * FatGeometry.SectorSize, FatGeometry.SectorSize);
    }

    /// <summary>The FAT up to the last entry that is not zero.</summary>
    private static byte[] AllocationTable(FatLayout layout)
    {
        uint[] entries = new uint[layout.NextFreeCluster];
        FatType type = layout.Geometry.Type;
        entries[0] = FatTable.MediaEntry(type);
        entries[1] = FatTable.EndOfChain(type); // Both "in order" bits set: the volume was left in peace.
        foreach (FatNode node in layout.InClusterOrder)
        {
            uint first = layout.FirstCluster(node);
            uint count = (uint)FatTree.ClustersNeeded(node, layout.Geometry);
            for (uint i = 0; i < count; i++)
            {
                entries[first + i] = i == count - 1 ? FatTable.EndOfChain(type) : first + i + 1;
            }
        }

        return FatTable.Encode(entries, type);
    }

    private static byte[] Directory(FatLayout layout, FatIdentity identity, FatNode directory)
    {
        byte[] clusters = new byte[IsBeforeClusters(layout, directory)
            ? layout.Geometry.RootSectors * FatGeometry.SectorSize
            : FatTree.ClustersNeeded(directory, layout.Geometry) * layout.Geometry.ClusterSize];
        Span<byte> next = clusters;
        if (directory.Parent is null)
        {
            FatLabel.Encode(next, identity.Label);
            Complete(ref next, FatAttributes.VolumeLabel, 0, 0);
        }
        else
        {
            ShortName.Self.Encode(next);
            Complete(ref next, FatAttributes.Directory, layout.FirstCluster(directory), 0);
            ShortName.Parent.Encode(next);
            // The root goes by cluster 0 here.
            uint parent = directory.Parent.Parent is null ? 0 : layout.FirstCluster(directory.Parent);
            Complete(ref next, FatAttributes.Directory, parent, 0);
        }

        foreach (FatNode child in directory.Children)
        {
            WriteChild(ref next, child);
        }

        return clusters;

        void WriteChild(ref Span<byte> next, FatNode child)
        {
            Span<byte> name = new byte[ShortName.Length];
            child.ShortName.Encode(name);
            byte checksum = ShortName.Checksum(name);
            for (int ordinal = child.EntryCount - 1; ordinal >= 1; ordinal--)
            {
                LongName.Encode(next, child.Name, ordinal, checksum);
                next = next[FatNode.EntrySize..];
            }

            name.CopyTo(next);
            FatAttributes attributes = child.IsDirectory ? FatAttributes.Directory : FatAttributes.Archive;
            Complete(ref next, attributes, layout.FirstCluster(child), (uint)child.Length);
        }

        void Complete(ref Span<byte> entry, FatAttributes attributes, uint firstCluster, uint length)
        {
            FatTimestamp timestamp = identity.Timestamp;
            entry[11] = (byte)attributes;
            entry[13] = timestamp.CreationTenths;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[14..], timestamp.Time);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[16..], timestamp.Date);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[18..], timestamp.Date);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[20..], (ushort)(firstCluster >> 16));
            BinaryPrimitives.WriteUInt16LittleEndian(entry[22..], timestamp.Time);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[24..], timestamp.Date);
            BinaryPrimitives.WriteUInt16LittleEndian(entry[26..], (ushort)firstCluster);
            BinaryPrimitives.WriteUInt32LittleEndian(entry[28..], length);
            entry = entry[FatNode.EntrySize..];
        }
    }
}
