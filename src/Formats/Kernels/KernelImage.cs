using System;
using System.Runtime.CompilerServices;
using Ember.Formats.Plans;

namespace Ember.Formats.Kernels;

/// <summary>
/// What goes where of a kernel that is entered in 32-bit protected mode, checked against its file and the guest's memory once:
/// whoever loads it needs no further check.
/// </summary>
public struct KernelImage
{
    /// <summary>The most segments.</summary>
    public const int MaximumSegments = 16;

    /// <summary>No segment lies below: there are the structures the kernel is given, and the firmware's tables.</summary>
    public const ulong LowestAddress = 1UL << 20;

    private const ulong ModuleAlignment = 4096;

    private readonly ulong _fileLength;
    private readonly ulong _memoryBytes;
    private Segments _segments;

    internal KernelImage(ulong fileLength, ulong memoryBytes)
    {
        _fileLength = fileLength;
        _memoryBytes = memoryBytes;
    }

    /// <summary>How many segments there are.</summary>
    public int SegmentCount { get; private set; }

    /// <summary>Physical address of the first instruction.</summary>
    public uint Entry { get; private set; }

    /// <summary>The first address behind the kernel and the modules that have been placed.</summary>
    public ulong End { get; private set; }

    /// <summary>Reads a kernel.</summary>
    /// <param name="protocol"><see cref="BootProtocol.Pvh"/> or <see cref="BootProtocol.Multiboot"/>.</param>
    /// <param name="file">The whole file, from anywhere: nothing in it is believed.</param>
    /// <param name="memoryBytes">Bytes of the guest's memory, below 4 GiB.</param>
    /// <param name="image">The kernel, when the status is <see cref="KernelStatus.Good"/>; otherwise empty.</param>
    public static KernelStatus TryRead(BootProtocol protocol, ReadOnlySpan<byte> file, ulong memoryBytes, out KernelImage image)
    {
        KernelImage candidate = new((ulong)file.Length, memoryBytes);
        KernelStatus status = protocol == BootProtocol.Pvh
            ? PvhKernel.Read(file, ref candidate)
            : MultibootKernel.Read(file, ref candidate);
        image = status == KernelStatus.Good ? candidate : default;
        return status;
    }

    /// <summary>A segment.</summary>
    /// <param name="index">0 to <see cref="SegmentCount"/> - 1.</param>
    public readonly KernelSegment Segment(int index) => _segments[index];

    /// <summary>Finds room for a module, on pages of its own above all that is placed; false if there is none.</summary>
    public bool TryPlaceModule(ulong length, out uint address)
    {
        ulong start = (End + ModuleAlignment - 1) & ~(ModuleAlignment - 1);
        if (start > _memoryBytes || length > _memoryBytes - start)
        {
            address = 0;
            return false;
        }

        End = start + length;
        address = (uint)start;
        return true;
    }

    internal KernelStatus Add(in KernelSegment segment)
    {
        if (segment.FileLength > segment.MemoryLength)
        {
            return KernelStatus.SegmentLengthInvalid;
        }

        if (segment.FileOffset > _fileLength || segment.FileLength > _fileLength - segment.FileOffset)
        {
            return KernelStatus.Truncated;
        }

        if (segment.Address < LowestAddress)
        {
            return KernelStatus.AddressTooLow;
        }

        if (segment.Address > _memoryBytes || segment.MemoryLength > _memoryBytes - segment.Address)
        {
            return KernelStatus.MemoryTooSmall;
        }

        if (SegmentCount == MaximumSegments)
        {
            return KernelStatus.TooManySegments;
        }

        ulong end = segment.Address + segment.MemoryLength;
        for (int i = 0; i < SegmentCount; i++)
        {
            KernelSegment other = _segments[i];
            if (segment.Address < other.Address + other.MemoryLength && other.Address < end)
            {
                return KernelStatus.SegmentsOverlap;
            }
        }

        _segments[SegmentCount++] = segment;
        End = Math.Max(End, end);
        return KernelStatus.Good;
    }

    internal KernelStatus SetEntry(ulong address)
    {
        for (int i = 0; i < SegmentCount; i++)
        {
            KernelSegment segment = _segments[i];
            if (address >= segment.Address && address - segment.Address < segment.FileLength)
            {
                Entry = (uint)address;
                return KernelStatus.Good;
            }
        }

        return KernelStatus.EntryOutside;
    }

    [InlineArray(MaximumSegments)]
    private struct Segments
    {
        private KernelSegment _first;
    }
}
