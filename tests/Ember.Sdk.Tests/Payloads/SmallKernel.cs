using System;
using System.Buffers.Binary;

namespace Ember.Sdk.Tests.Payloads;

/// <summary>The least that has the header of a bzImage, put together from the offsets in Linux' boot.rst.</summary>
internal static class SmallKernel
{
    public const int Length = (2 * 512) + (4 * 16);

    /// <summary>One setup sector behind the boot sector, and four paragraphs of system.</summary>
    public static byte[] Make(uint initializationBytes = 1 << 20)
    {
        byte[] kernel = new byte[Length];
        kernel[0x1F1] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x1F4), 4);
        kernel[0x1FE] = 0x55;
        kernel[0x1FF] = 0xAA;
        "HdrS"u8.CopyTo(kernel.AsSpan(0x202));
        BinaryPrimitives.WriteUInt16LittleEndian(kernel.AsSpan(0x206), 0x20F);
        kernel[0x236] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(kernel.AsSpan(0x260), initializationBytes);
        return kernel;
    }
}
