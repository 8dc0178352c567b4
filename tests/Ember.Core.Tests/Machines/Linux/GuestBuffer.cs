using System;
using System.Runtime.InteropServices;
using Ember.Core.Memory;

namespace Ember.Core.Tests.Machines.Linux;

/// <summary>Guest memory that is zero and costs nothing where it stays so.</summary>
internal sealed unsafe class GuestBuffer : IDisposable
{
    private readonly byte* _origin;

    public GuestBuffer(ulong size)
    {
        _origin = (byte*)NativeMemory.AllocZeroed((nuint)size);
        Memory = new GuestMemory(_origin, size);
    }

    public GuestMemory Memory { get; }

    public Span<byte> Bytes(ulong address, int length)
    {
        Assert.True(Memory.TryGetPointer(address, (ulong)length, out byte* pointer));
        return new Span<byte>(pointer, length);
    }

    public bool IsZero(ulong start, ulong end) =>
        start >= end || Bytes(start, (int)(end - start)).IndexOfAnyExcept((byte)0) < 0;

    public void Dispose() => NativeMemory.Free(_origin);
}
