using System;
using CsCheck;
using Ember.Core.Memory;

namespace Ember.Core.Tests.Memory;

public sealed unsafe class GuestMemoryTests
{
    [Theory]
    [InlineData(0UL, 0UL, true)]
    [InlineData(0UL, 4096UL, true)]
    [InlineData(0UL, 4097UL, false)]
    [InlineData(4096UL, 0UL, true)]
    [InlineData(4096UL, 1UL, false)]
    [InlineData(4097UL, 0UL, false)]
    [InlineData(4095UL, 1UL, true)]
    [InlineData(4095UL, 2UL, false)]
    [InlineData(1UL, ulong.MaxValue, false)]
    [InlineData(ulong.MaxValue, 1UL, false)]
    [InlineData(ulong.MaxValue, ulong.MaxValue, false)]
    public void A_range_is_given_only_if_all_of_it_is_memory(ulong address, ulong length, bool expected)
    {
        byte* origin = (byte*)0x7000_0000_0000;
        GuestMemory memory = new(origin, 4096);
        Assert.Equal(expected, memory.TryGetPointer(address, length, out byte* pointer));
        Assert.Equal(expected ? (nint)(origin + address) : 0, (nint)pointer);
    }

    [Fact]
    public void Range_check_agrees_with_arithmetic_that_cannot_wrap() =>
        Gen.Select(Gen.ULong, Gen.ULong, Gen.ULong).Sample(
            (size, address, length) =>
                new GuestMemory(null, size).TryGetPointer(address, length, out _) == ((UInt128)address + length <= size),
            iter: 20_000);

    [Fact]
    public void Values_are_read_and_written_unaligned_and_never_across_the_end()
    {
        byte[] bytes = new byte[16];
        fixed (byte* origin = bytes)
        {
            GuestMemory memory = new(origin, 12);
            Assert.True(memory.TryWrite(3, 0x1122_3344_5566_7788UL));
            Assert.Equal((byte)0x88, bytes[3]);
            Assert.Equal((byte)0x11, bytes[10]);
            Assert.True(memory.TryRead(3, out ulong value));
            Assert.Equal(0x1122_3344_5566_7788UL, value);
            Assert.True(memory.TryRead(4, out value));
            Assert.False(memory.TryRead(5, out value));
            Assert.Equal(0UL, value);
            Assert.False(memory.TryWrite(5, ulong.MaxValue));
            Assert.False(memory.TryWrite(9, "four"u8));
            Assert.Equal((byte)0x44, bytes[7]);
            Assert.Equal((byte)0, bytes[12]);
            Assert.True(memory.TryWrite(8, "four"u8));
            Assert.Equal((byte)'r', bytes[11]);
        }
    }
}
