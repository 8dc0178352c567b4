using System;
using System.Runtime.InteropServices;
using Ember.Core.Devices;
using Ember.Core.Memory;
using Ember.Platform.Time;

namespace Ember.Core.Tests.Devices;

/// <summary>
/// A chip set whose virtual processors do one random thing after the other, by a seed: every port, device register and MSR, time that
/// passes, mail and interrupts that they take or leave. What a step came to is checked behind it.
/// </summary>
internal sealed unsafe class ChipsetFuzz : IDisposable
{
    private const int MemorySize = 1 << 20;
    private const int GuardSize = 1 << 12;
    private const byte Guard = 0xA5;
    private const byte FirstLegalVector = 16;

    private static readonly ushort[] _ports =
    [
        0x20, 0x21, 0xA0, 0xA1, 0x4D0, 0x4D1, 0x40, 0x41, 0x42, 0x43, 0x61, 0x64, 0x70, 0x71, 0x80, 0x92, 0xCF8, 0xCF9, BootTimer.Port,
        0x3F8, 0x3F9, 0x3FA, 0x3FB, 0x3FC, 0x3FD, 0x3FE, 0x3FF, 0x600, 0x602, 0x604, 0x608, 0x60C,
    ];

    private static readonly uint[] _msrs =
        [Chipset.ApicBaseMsr, Chipset.TscDeadlineMsr, KvmClock.SystemTimeMsr, KvmClock.WallClockMsr, 0x11, 0x12, 0x830, 0x83F, 0x10, 0x277];

    private static readonly ulong[] _values =
        [0, 1, 0xFF, 0x1FF, 0xFEE0_0000, 0xFEE0_0800, 0xFEE0_0C00, 0xFEE0_0D00, 0x1_0000, 0x2_0040, 0x4_0041, 0xC_4500, ulong.MaxValue];

    private readonly Random _random;
    private readonly int _processors;
    private readonly byte* _room;
    private Chipset _chipset;
    private ulong _now;

    public ChipsetFuzz(int seed, int processors)
    {
        _random = new Random(seed);
        _processors = processors;
        _room = (byte*)NativeMemory.Alloc(MemorySize + (2 * GuardSize));
        new Span<byte>(_room, MemorySize + (2 * GuardSize)).Fill(Guard);
        _chipset.Initialize(new ChipsetConfiguration
        {
            Clock = new TscClock(2_500_000, 5_000_000_000),
            WallClockSeconds = 1_795_450_000,
            ProcessorCount = processors,
            MemorySize = MemorySize,
            Memory = new GuestMemory(_room + GuardSize, MemorySize),
        });
    }

    public void Dispose() => NativeMemory.Free(_room);

    /// <summary>Takes steps; an assertion fails at the first after which something is wrong.</summary>
    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            int processor = _random.Next(_processors);
            Pass();
            Step(processor);
            Notify();
            _chipset.Advance(processor, _now);
            ulong next = _chipset.Processor(processor).NextEvent;
            Assert.True(next > _now, $"step {i}: the next event of processor {processor} is at {next}, it is {_now}");
        }

        Assert.True(new Span<byte>(_room, GuardSize).IndexOfAnyExcept(Guard) < 0, "bytes below the guest's memory have changed");
        Assert.True(
            new Span<byte>(_room + GuardSize + MemorySize, GuardSize).IndexOfAnyExcept(Guard) < 0,
            "bytes behind the guest's memory have changed");
    }

    private void Pass() => _now += (ulong)_random.NextInt64(_random.Next(64) == 0 ? 3_000_000_000 : 100_000);

    private void Step(int processor)
    {
        int size = 1 << _random.Next(3);
        switch (_random.Next(12))
        {
            case 0 or 1:
                uint read = _chipset.ReadPort(processor, Port(), size, _now);
                Assert.True(read <= uint.MaxValue >> (32 - (8 * size)), $"{size} bytes of a port are {read:X}");
                break;

            case 2 or 3:
                _chipset.WritePort(processor, Port(), size, (uint)Value(), _now);
                _chipset.TakeRequest();
                break;

            case 4:
                size = 1 << _random.Next(4);
                if (_chipset.TryReadMemory(processor, Address(), size, _now, out ulong value))
                {
                    Assert.True(size == 8 || value >> (8 * size) == 0, $"{size} bytes of a device are {value:X}");
                }

                break;

            case 5 or 6:
                _chipset.TryWriteMemory(processor, Address(), 1 << _random.Next(4), Value(), _now);
                break;

            case 7:
                _chipset.ReadMsr(processor, Msr(), _now, out _);
                break;

            case 8:
                _chipset.WriteMsr(processor, Msr(), Value(), _now);
                break;

            case 9:
                _chipset.Processor(processor).Apic.TaskPriority = (byte)_random.Next(16);
                _chipset.WriteEndOfInterrupt(processor, (ulong)_random.Next(2));
                break;

            case 10:
                Talk(processor);
                break;

            default:
                TakeInterrupt(processor);
                break;
        }
    }

    /// <summary>As a virtual processor does behind each exit: those that something was posted to look into their mail, sooner or
    /// later.</summary>
    private void Notify()
    {
        ulong wakeups = _chipset.TakeWakeups();
        Assert.True(wakeups >> _processors == 0, $"processors are notified that are not there: {wakeups:X}");
        for (int i = 0; i < _processors; i++)
        {
            if (((wakeups >> i) & 1) != 0 || _random.Next(8) == 0)
            {
                InboxSignals signals = _chipset.TakeMail(i);
                if ((signals & InboxSignals.Init) != 0)
                {
                    _chipset.ResetProcessor(i);
                }
            }
        }
    }

    private void TakeInterrupt(int processor)
    {
        ref LocalApic apic = ref _chipset.Processor(processor).Apic;
        if (!apic.InterruptPending)
        {
            Assert.Equal(-1, _chipset.PeekInterrupt(processor));
        }
        else if (apic.IsNonMaskable)
        {
            Assert.True(apic.TakeNonMaskable());
        }
        else
        {
            bool isExternal = apic.IsExternal;
            int expected = _chipset.PeekInterrupt(processor);
            Assert.True(isExternal || expected >= FirstLegalVector, $"the local APIC gives vector {expected}");
            Assert.True(
                isExternal || expected >> 4 > apic.TaskPriority, $"vector {expected} comes at task priority {apic.TaskPriority}");
            Assert.Equal(expected, _chipset.AcknowledgeInterrupt(processor));
        }
    }

    /// <summary>The owner's side of COM1 and of the boot timer.</summary>
    private void Talk(int processor)
    {
        int sent = 0;
        while (_chipset.Uart.TryTakeOutput(out _))
        {
            sent++;
        }

        Assert.InRange(sent, 0, Uart16550.RingSize);
        Assert.False(_chipset.Uart.HasOutput);
        while (_chipset.Uart.CanReceive && _random.Next(8) != 0)
        {
            Assert.True(_chipset.Uart.TryReceive((byte)_random.Next(256)));
        }

        _chipset.CarryUartInterrupt(processor);
        _chipset.BootTimer.TryTake(out _, out _);
        if (_random.Next(64) == 0)
        {
            _chipset.Processor(0).Inbox.Post(InboxSignals.PowerButton);
        }
    }

    private ushort Port() => _random.Next(8) == 0 ? (ushort)_random.Next(0x1_0000) : _ports[_random.Next(_ports.Length)];

    private uint Msr() => _random.Next(4) switch
    {
        0 => (uint)_random.NextInt64(uint.MaxValue),
        1 => _msrs[_random.Next(_msrs.Length)],
        _ => LocalApic.FirstMsr + (uint)_random.Next(0x40),
    };

    private ulong Address() => _random.Next(6) switch
    {
        0 => (ulong)_random.NextInt64(),
        1 => LocalApic.Base + (uint)_random.Next(0x1000),
        2 => IoApic.Base + (uint)_random.Next(0x20),
        3 => IoApic.Base + (16u * (uint)_random.Next(2)),
        _ => LocalApic.Base + (16u * (uint)_random.Next(0x40)),
    };

    private ulong Value() => _random.Next(4) switch
    {
        0 => _values[_random.Next(_values.Length)],
        1 => (ulong)_random.Next(0x100),
        2 => (uint)_random.NextInt64(uint.MaxValue),
        _ => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
    };
}
