using System;
using System.Buffers.Binary;
using System.Threading;
using Ember.Sdk.Output;

namespace Ember.Sdk.Images.Containers;

/// <summary>
/// QEMU's qcow2, version 3 (QEMU, docs/interop/qcow2.txt). Clusters of zeros are left out. In the file, header and first-level table come
/// first, then each second-level table before the clusters that it leads to, then the reference counts, all of them 1.
/// </summary>
public sealed class Qcow2Container : IImageContainer
{
    private const int ClusterBits = 16;
    private const int ClusterSize = 1 << ClusterBits;
    private const int EntriesPerTable = ClusterSize / sizeof(ulong);
    private const int CountsPerBlock = ClusterSize / sizeof(ushort);
    private const int HeaderLength = 104;
    private const uint Magic = 0x5146_49FB;
    private const ulong Copied = 1UL << 63; // The cluster's reference count is 1.

    /// <inheritdoc/>
    public string Suffix => ".qcow2";

    /// <inheritdoc/>
    public void Write(
        SparseImage image, string outputPath, IProgress<long>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        using AtomicFile output = AtomicFile.Create(outputPath);
        long tables = DivideUp(image.Length, (long)EntriesPerTable * ClusterSize);
        byte[] first = new byte[DivideUp(tables, EntriesPerTable) * ClusterSize];
        long next = 1 + first.Length / ClusterSize;
        byte[] second = new byte[ClusterSize];
        long table = -1;
        byte[] cluster = new byte[ClusterSize];
        foreach (long number in image.DataBlocks(cluster))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (number / EntriesPerTable != table)
            {
                WriteSecond();
                table = number / EntriesPerTable;
                SetEntry(first, table, next++);
            }

            output.WriteAt(next * ClusterSize, cluster);
            SetEntry(second, number % EntriesPerTable, next++);
            progress?.Report(Math.Min((number + 1) * ClusterSize, image.Length));
        }

        WriteSecond();
        output.WriteAt(ClusterSize, first);
        (long countTable, long countTableClusters) = WriteCounts(output, next);
        output.WriteAt(0, Header(image.Length, tables, countTable, countTableClusters));
        progress?.Report(image.Length);
        output.Commit();

        void WriteSecond()
        {
            if (table >= 0)
            {
                output.WriteAt((long)(ReadEntry(first, table) & ~Copied), second);
                second.AsSpan().Clear();
            }
        }
    }

    /// <summary>Writes the reference counts of everything, themselves included.</summary>
    /// <returns>The cluster of their table, and its length in clusters.</returns>
    private static (long Table, long TableClusters) WriteCounts(AtomicFile output, long used)
    {
        long blocks = 0;
        long tableClusters = 0;
        for (long before = -1; before != blocks + tableClusters;)
        {
            before = blocks + tableClusters;
            blocks = DivideUp(used + before, CountsPerBlock);
            tableClusters = DivideUp(blocks, EntriesPerTable);
        }

        byte[] table = new byte[tableClusters * ClusterSize];
        byte[] block = new byte[ClusterSize];
        long left = used + blocks + tableClusters;
        for (long i = 0; i < blocks; i++, left -= CountsPerBlock)
        {
            block.AsSpan().Clear();
            for (int j = 0; j < Math.Min(left, CountsPerBlock); j++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(block.AsSpan(j * sizeof(ushort)), 1);
            }

            output.WriteAt((used + i) * ClusterSize, block);
            BinaryPrimitives.WriteUInt64BigEndian(table.AsSpan((int)i * sizeof(ulong)), (ulong)((used + i) * ClusterSize));
        }

        output.WriteAt((used + blocks) * ClusterSize, table);
        return (used + blocks, tableClusters);
    }

    private static byte[] Header(long length, long tables, long countTable, long countTableClusters)
    {
        byte[] header = new byte[ClusterSize];
        BinaryPrimitives.WriteUInt32BigEndian(header, Magic);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), 3);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(20), ClusterBits);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(24), length);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(36), (uint)tables);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(40), ClusterSize);
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(48), (ulong)(countTable * ClusterSize));
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(56), (uint)countTableClusters);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(96), 4); // Reference counts of 2^4 bits.
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(100), HeaderLength);
        return header;
    }

    private static void SetEntry(byte[] table, long index, long cluster) => BinaryPrimitives.WriteUInt64BigEndian(
        table.AsSpan((int)index * sizeof(ulong)), (ulong)(cluster * ClusterSize) | Copied);

    private static ulong ReadEntry(byte[] table, long index) =>
        BinaryPrimitives.ReadUInt64BigEndian(table.AsSpan((int)index * sizeof(ulong)));

    private static long DivideUp(long dividend, long divisor) => (dividend + divisor - 1) / divisor;
}
