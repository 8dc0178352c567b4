using System;
using Ember.Formats.Kernels;
using Ember.Formats.Plans;

namespace Ember.Formats.Tests.Kernels;

/// <summary>What must hold of a kernel that is accepted, whatever its file says.</summary>
internal static class AcceptedKernel
{
    private const ulong Memory = 16 << 20;

    /// <summary>Reads a file by both protocols; an accepted kernel is inside its file and its memory.</summary>
    /// <returns>Whether one of the two takes it.</returns>
    public static bool Check(ReadOnlySpan<byte> file)
    {
        bool accepted = false;
        foreach (BootProtocol protocol in (BootProtocol[])[BootProtocol.Pvh, BootProtocol.Multiboot])
        {
            if (KernelImage.TryRead(protocol, file, Memory, out KernelImage image) != KernelStatus.Good)
            {
                continue;
            }

            accepted = true;
            Assert.InRange(image.SegmentCount, 1, KernelImage.MaximumSegments);
            bool entered = false;
            UInt128 end = 0;
            for (int i = 0; i < image.SegmentCount; i++)
            {
                KernelSegment segment = image.Segment(i);
                Assert.True((UInt128)segment.FileOffset + segment.FileLength <= (UInt128)file.Length);
                Assert.InRange(segment.Address, KernelImage.LowestAddress, Memory);
                Assert.True((UInt128)segment.Address + segment.MemoryLength <= Memory);
                Assert.InRange(segment.FileLength, 0ul, segment.MemoryLength);
                entered |= image.Entry >= segment.Address && image.Entry < segment.Address + segment.FileLength;
                end = UInt128.Max(end, (UInt128)segment.Address + segment.MemoryLength);
            }

            Assert.True(entered);
            Assert.Equal(end, image.End);
        }

        return accepted;
    }
}
