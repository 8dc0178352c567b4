using System.Runtime;
using System.Runtime.CompilerServices;
using Internal.Runtime.CompilerHelpers;

namespace System;

public static class Buffer
{
    public static unsafe void MemoryCopy(void* source, void* destination, ulong destinationSizeInBytes, ulong sourceBytesToCopy)
    {
        if (sourceBytesToCopy > destinationSizeInBytes)
        {
            ThrowHelpers.ThrowIndexOutOfRangeException();
        }

        SpanHelpers.Memmove(ref *(byte*)destination, ref *(byte*)source, (nuint)sourceBytesToCopy);
    }

    /// <summary>Copies memory that may overlap. There is no garbage collector, so there is no barrier.</summary>
    internal static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint byteCount) =>
        SpanHelpers.Memmove(ref destination, ref source, byteCount);
}

/// <summary>What ilc calls for block moves and clears that it does not expand in line.</summary>
internal static unsafe class SpanHelpers
{
    internal static void Memmove(ref byte destination, ref byte source, nuint length) =>
        StubMoveMemory(Unsafe.AsPointer(ref destination), Unsafe.AsPointer(ref source), length);

    internal static void ClearWithoutReferences(ref byte destination, nuint length) =>
        StubFillMemory(Unsafe.AsPointer(ref destination), 0, length);

    internal static void Fill(ref byte destination, byte value, nuint length) =>
        StubFillMemory(Unsafe.AsPointer(ref destination), value, length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberMoveMemory")]
    private static extern void StubMoveMemory(void* destination, void* source, nuint length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberFillMemory")]
    private static extern void StubFillMemory(void* destination, byte value, nuint length);
}
