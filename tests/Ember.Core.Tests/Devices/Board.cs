using System;
using System.Runtime.InteropServices;
using Ember.Core.Devices;
using Ember.Core.Memory;
using Ember.Platform.Time;

namespace Ember.Core.Tests.Devices;

/// <summary>A chip set with a megabyte of memory and a 2.5 GHz processor, and the accesses of a driver.</summary>
internal sealed unsafe class Board : IDisposable
{
    public const ulong TscStart = 5_000_000_000;
    public const ulong WallClock = 1_795_450_000;
    public const int MemorySize = 1 << 20;

    /// <summary>Offsets of local APIC registers.</summary>
    public const uint Eoi = 0x0B0, Svr = 0x0F0, Lint0 = 0x350, LvtTimer = 0x320, InitialCount = 0x380, Divide = 0x3E0;

    public Chipset Chipset;
    public ulong Now;

    private readonly byte* _memory;

    public Board(int processors = 1)
    {
        _memory = (byte*)NativeMemory.AllocZeroed(MemorySize);
        Clock = new TscClock(2_500_000, TscStart);
        ChipsetConfiguration configuration = new()
        {
            Clock = Clock,
            WallClockSeconds = WallClock,
            ProcessorCount = processors,
            MemorySize = MemorySize,
            Memory = new GuestMemory(_memory, MemorySize),
        };
        Chipset.Initialize(configuration);
    }

    public TscClock Clock { get; }

    public Span<byte> Memory => new(_memory, MemorySize);

    public void Dispose() => NativeMemory.Free(_memory);

    public byte In(ushort port) => (byte)Chipset.ReadPort(0, port, 1, Now);

    public void Out(ushort port, byte value) => Chipset.WritePort(0, port, 1, value, Now);

    public uint ReadApic(uint offset)
    {
        Assert.True(Chipset.TryReadMemory(0, LocalApic.Base + offset, 4, Now, out ulong value));
        return (uint)value;
    }

    public void WriteApic(uint offset, uint value) =>
        Assert.True(Chipset.TryWriteMemory(0, LocalApic.Base + offset, 4, value, Now));

    public uint ReadIoApic(byte register)
    {
        Assert.True(Chipset.TryWriteMemory(0, IoApic.Base, 4, register, Now));
        Assert.True(Chipset.TryReadMemory(0, IoApic.Base + 0x10, 4, Now, out ulong value));
        return (uint)value;
    }

    public void WriteIoApic(byte register, uint value)
    {
        Assert.True(Chipset.TryWriteMemory(0, IoApic.Base, 4, register, Now));
        Assert.True(Chipset.TryWriteMemory(0, IoApic.Base + 0x10, 4, value, Now));
    }

    /// <summary>Routes an I/O APIC pin to processor 0.</summary>
    public void RoutePin(int pin, uint low)
    {
        WriteIoApic((byte)(0x11 + (2 * pin)), 0);
        WriteIoApic((byte)(0x10 + (2 * pin)), low);
    }

    public ulong ReadMsr(uint index)
    {
        Assert.Equal(MsrStatus.Done, Chipset.ReadMsr(0, index, Now, out ulong value));
        return value;
    }

    public void WriteMsr(uint index, ulong value) => Assert.Equal(MsrStatus.Done, Chipset.WriteMsr(0, index, value, Now));

    /// <summary>Lets time pass as a processor that sleeps does: from event to event.</summary>
    public void Sleep(ulong until)
    {
        for (ulong next = Chipset.Processor(0).NextEvent; next <= until; next = Chipset.Processor(0).NextEvent)
        {
            Now = Math.Max(Now, next);
            Chipset.Advance(0, Now);
            Assert.True(Chipset.Processor(0).NextEvent > Now);
        }

        Now = until;
    }

    /// <summary>Takes the interrupt that is pending, -1 if there is none.</summary>
    public int Take()
    {
        int expected = Chipset.PeekInterrupt(0);
        ref LocalApic apic = ref Chipset.Processor(0).Apic;
        Assert.Equal(expected >= 0 || apic.IsNonMaskable, apic.InterruptPending);
        if (expected < 0)
        {
            return -1;
        }

        Assert.Equal(expected, Chipset.AcknowledgeInterrupt(0));
        return expected;
    }

    /// <summary>Linux's init_8259A, every input masked but those of a mask.</summary>
    public void StartPic(ushort unmasked)
    {
        foreach ((ushort port, byte vectors, byte cascade) in new (ushort, byte, byte)[] { (0x20, 0x30, 4), (0xA0, 0x38, 2) })
        {
            Out(port, 0x11);
            Out((ushort)(port + 1), vectors);
            Out((ushort)(port + 1), cascade);
            Out((ushort)(port + 1), 0x01);
        }

        Out(0x21, (byte)~unmasked);
        Out(0xA1, (byte)(~unmasked >> 8));
    }

    /// <summary>Mode 2 on counter 0.</summary>
    public void StartTimer(ushort count)
    {
        Out(0x43, 0x34);
        Out(0x40, (byte)count);
        Out(0x40, (byte)(count >> 8));
    }
}
