using System;
using System.Buffers.Binary;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

public sealed class KvmClockTests : IDisposable
{
    private readonly Board _board = new();

    public void Dispose() => _board.Dispose();

    private uint Word(int address) => BinaryPrimitives.ReadUInt32LittleEndian(_board.Memory[address..]);

    private ulong Quad(int address) => BinaryPrimitives.ReadUInt64LittleEndian(_board.Memory[address..]);

    /// <summary>Linux's __pvclock_read_cycles, in wide arithmetic.</summary>
    private ulong ReadClock(int address, ulong tsc)
    {
        Assert.Equal(0u, Word(address) & 1);
        UInt128 delta = tsc - Quad(address + 8);
        int shift = (sbyte)_board.Memory[address + 28];
        delta = shift < 0 ? delta >> -shift : (ulong)(delta << shift);
        return Quad(address + 16) + (ulong)((delta * Word(address + 24)) >> 32);
    }

    [Theory]
    [InlineData(KvmClock.SystemTimeMsr)]
    [InlineData(KvmClock.OldSystemTimeMsr)]
    public void The_guest_reads_the_hosts_nanoseconds(uint msr)
    {
        _board.Now = 1_000_000;
        _board.WriteMsr(msr, 0x1001);
        Assert.Equal(0x1001ul, _board.ReadMsr(msr));
        Assert.Equal(1, _board.Memory[0x1000 + 29]);
        Gen.ULong[0, 1ul << 55].Sample(ticks =>
        {
            ulong tsc = Board.TscStart + ticks;
            Assert.Equal(_board.Clock.ToNanoseconds(tsc), ReadClock(0x1000, tsc));
        });
        Assert.Equal(1_000_000_000ul, ReadClock(0x1000, Board.TscStart + 2_500_000_000));
    }

    [Theory]
    [InlineData(KvmClock.WallClockMsr)]
    [InlineData(KvmClock.OldWallClockMsr)]
    public void The_wall_clock_is_the_time_at_nanosecond_0(uint msr)
    {
        _board.Now = 123_456_789_000;
        _board.WriteMsr(msr, 0x2004);
        Assert.Equal(0u, Word(0x2004) & 1);
        Assert.Equal((uint)Board.WallClock, Word(0x2008));
        Assert.Equal(0u, Word(0x200C));
        Assert.Equal(0x2004ul, _board.ReadMsr(msr));
    }

    [Fact]
    public void Every_write_has_a_new_even_version()
    {
        _board.WriteMsr(KvmClock.SystemTimeMsr, 0x1001);
        uint first = Word(0x1000);
        _board.WriteMsr(KvmClock.SystemTimeMsr, 0x1001);
        Assert.Equal(first + 2, Word(0x1000));
        Assert.Equal(0u, first & 1);
        Assert.NotEqual(0u, first);
    }

    [Fact]
    public void Disabling_writes_nothing()
    {
        _board.WriteMsr(KvmClock.SystemTimeMsr, 0x1000);
        Assert.Equal(-1, _board.Memory.IndexOfAnyExcept((byte)0));
        _board.WriteMsr(KvmClock.SystemTimeMsr, ulong.MaxValue - 1);
    }

    [Theory]
    [InlineData(KvmClock.SystemTimeMsr, 0x1003ul)]
    [InlineData(KvmClock.SystemTimeMsr, 0x10_0001ul)]
    [InlineData(KvmClock.SystemTimeMsr, 0x0F_FFE5ul)]
    [InlineData(KvmClock.SystemTimeMsr, ulong.MaxValue)]
    [InlineData(KvmClock.WallClockMsr, 0x1001ul)]
    [InlineData(KvmClock.WallClockMsr, 0x0F_FFF8ul)]
    [InlineData(KvmClock.WallClockMsr, 0xFFFF_FFFF_FFFF_FFFCul)]
    public void A_place_outside_memory_or_unaligned_is_a_fault_and_untouched(uint msr, ulong value)
    {
        Assert.Equal(MsrStatus.Fault, _board.Chipset.WriteMsr(0, msr, value, 0));
        Assert.Equal(-1, _board.Memory.IndexOfAnyExcept((byte)0));
        Assert.Equal(0ul, _board.ReadMsr(msr));
    }

    [Fact]
    public void The_last_bytes_of_memory_will_do()
    {
        _board.WriteMsr(KvmClock.SystemTimeMsr, Board.MemorySize - 32 + 1);
        _board.WriteMsr(KvmClock.WallClockMsr, Board.MemorySize - 48);
        Assert.Equal(_board.Clock.Multiplier, Word(Board.MemorySize - 8));
    }
}
