using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CsCheck;
using Ember.Core.Devices;

namespace Ember.Core.Tests.Devices;

/// <summary>Whatever a guest does to the chip set, it answers, in bounded time, and keeps its promises.</summary>
public sealed class ChipsetPropertyTests
{
    private static readonly Gen<ushort> _port = Gen.OneOf(
        Gen.OneOf<ushort>(0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1, 0x40, 0x41, 0x42, 0x43, 0x61),
        Gen.OneOf<ushort>(0x70, 0x71, 0x92, 0x64, 0xCF8, 0xCF9, 0xCFC),
        Gen.UShort[0x3F8, 0x3FF],
        Gen.UShort[0x600, 0x60F],
        Gen.UShort);

    private static readonly Gen<ulong> _address = Gen.OneOf(
        Gen.UInt[0, 0x3F].Select(register => LocalApic.Base + (16ul * register)),
        Gen.UInt[0, 0xFFF].Select(offset => LocalApic.Base + offset),
        Gen.OneOf(IoApic.Base, IoApic.Base + 0x10),
        Gen.ULong);

    private static readonly Gen<uint> _msr = Gen.OneOf(
        Gen.UInt[0x800, 0x83F],
        Gen.OneOf(Chipset.ApicBaseMsr, Chipset.TscDeadlineMsr, KvmClock.SystemTimeMsr, KvmClock.WallClockMsr, 0x11u, 0x12u),
        Gen.UInt);

    private static readonly Gen<ulong> _value = Gen.OneOf(
        Gen.ULong[0, 0xFF],
        Gen.OneOf(0xFEE0_0800ul, 0xFEE0_0C00ul, 0xFEE0_0000ul, 0x1_0000ul, 0x2_0040ul, 0x4_0041ul, 0x1FFul),
        Gen.UInt.Select(value => (ulong)value),
        Gen.ULong);

    private static readonly Gen<Access> _any = Gen.Select(
        Gen.Int[0, 11], _port, _address, _msr, _value, Gen.OneOf(1, 2, 4),
        Gen.OneOf(Gen.ULong[0, 1_000], Gen.ULong[0, 3_000_000_000]),
        (kind, port, address, msr, value, size, pause) => new Access(kind, port, address, msr, value, size, pause));

    [Fact]
    public void Any_accesses_are_answered() => _any.Array[1, 150].Sample(script =>
    {
        using Board board = new();
        foreach (Access access in script)
        {
            board.Now += access.Pause;
            Apply(board, access);
            board.Chipset.Advance(0, board.Now);
            Assert.True(board.Chipset.Processor(0).NextEvent > board.Now || board.Chipset.Processor(0).NextEvent == ulong.MaxValue);
        }
    });

    [Fact]
    public void Time_may_jump_as_far_as_it_likes() => Gen.Select(_any, Gen.ULong[0, 1ul << 62]).Array[1, 30].Sample(script =>
    {
        using Board board = new();
        foreach ((Access access, ulong now) in script)
        {
            board.Now = Math.Max(board.Now, now);
            Apply(board, access);
            board.Chipset.Advance(0, board.Now);
        }
    });

    [Fact]
    public void Nothing_changes_before_the_next_event_and_something_does_then() => _any.Array[1, 100].Sample(script =>
    {
        using Board board = new();
        foreach (Access access in script)
        {
            board.Now += access.Pause / 1_000;
            Apply(board, access);
            ulong next = board.Chipset.Processor(0).NextEvent;
            if (next is ulong.MaxValue or > 1ul << 61)
            {
                continue;
            }

            Chipset before = board.Chipset;
            Chipset early = before;
            early.Advance(0, next - 1);
            Assert.True(Bytes(ref before).SequenceEqual(Bytes(ref early)));
            Chipset due = before;
            due.Advance(0, next);
            Assert.True(due.Processor(0).NextEvent > next);
            Assert.False(Bytes(ref before).SequenceEqual(Bytes(ref due)));
        }
    });

    [Fact]
    public void Ending_an_interrupt_without_the_time_is_what_writing_its_register_does() => Gen.Select(
        _any, Gen.OneOf(0ul, 0ul, 0ul, 1ul, 1ul << 32)).Array[1, 100].Sample(script =>
    {
        using Board board = new();
        board.Chipset.WriteMsr(0, Chipset.ApicBaseMsr, 0xFEE0_0D00, 0);
        foreach ((Access access, ulong value) in script)
        {
            board.Now += access.Pause;
            Apply(board, access);
            board.Chipset.Advance(0, board.Now);
            Chipset other = board.Chipset;
            Assert.Equal(
                other.WriteMsr(0, LocalApic.EndOfInterruptMsr, value, board.Now), board.Chipset.WriteEndOfInterrupt(0, value));
            Assert.True(Bytes(ref other).SequenceEqual(Bytes(ref board.Chipset)));
        }
    });

    private static ReadOnlySpan<byte> Bytes(ref Chipset chipset) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<Chipset, byte>(ref chipset), Unsafe.SizeOf<Chipset>());

    private static void Apply(Board board, in Access access)
    {
        ref Chipset chipset = ref board.Chipset;
        switch (access.Kind)
        {
            case 0 or 1:
                Assert.True(chipset.ReadPort(0, access.Port, access.Size, board.Now) <= (uint)((1ul << (8 * access.Size)) - 1));
                break;

            case 2 or 3 or 4:
                chipset.WritePort(0, access.Port, access.Size, (uint)access.Value, board.Now);
                break;

            case 5:
                chipset.TryReadMemory(0, access.Address, access.Size, board.Now, out _);
                break;

            case 6 or 7:
                chipset.TryWriteMemory(0, access.Address, access.Size, access.Value, board.Now);
                break;

            case 8:
                chipset.ReadMsr(0, access.Msr, board.Now, out _);
                break;

            case 9:
                chipset.WriteMsr(0, access.Msr, access.Value, board.Now);
                break;

            case 10:
                chipset.Processor(0).Apic.TaskPriority = (byte)access.Value;
                chipset.Uart.TryReceive((byte)access.Value);
                chipset.CarryUartInterrupt(0);
                chipset.Advance(0, board.Now);
                break;

            default:
                board.Take();
                chipset.Uart.TryTakeOutput(out _);
                chipset.CarryUartInterrupt(0);
                chipset.Advance(0, board.Now);
                break;
        }
    }

    private readonly record struct Access(int Kind, ushort Port, ulong Address, uint Msr, ulong Value, int Size, ulong Pause);
}
