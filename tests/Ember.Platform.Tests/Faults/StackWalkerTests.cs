using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using CsCheck;
using Ember.Platform.Faults;

namespace Ember.Platform.Tests.Faults;

public sealed class StackWalkerTests
{
    private static readonly int[] _preserved = [3, 4, 5, 6, 7, 12, 13, 14, 15];

    [Fact]
    public void Finds_every_caller_and_its_registers()
    {
        Gen.Select(Gen.Int, Gen.Int[1, 29], Gen.Bool).Sample(
            (seed, depth, stopInProlog) =>
            {
                SimulatedStack machine = Run(seed, depth, stopInProlog);
                List<(ulong Rip, ulong[] Registers)> frames = Walk(machine.Build(), machine.Stack, machine.Registers());

                Assert.Equal(machine.Expected.Select(f => f.Rip), frames.Select(f => f.Rip));
                Assert.All(machine.Expected.Zip(frames), pair => Assert.Equal(
                    _preserved.Select(r => pair.First.Registers[r]), _preserved.Select(r => pair.Second.Registers[r])));
            },
            iter: 1000);
    }

    [Fact]
    public void Ends_after_so_many_frames()
    {
        SimulatedStack machine = Run(1, 60, stopInProlog: false);

        Assert.Equal(StackWalker.MaximumFrames, Walk(machine.Build(), machine.Stack, machine.Registers()).Count);
    }

    [Fact]
    public void A_leaf_function_and_a_stub_that_pushed_lead_to_their_caller()
    {
        var image = new ImageBuilder();
        uint info = image.AddInfo(1, 4, 0, [0x4204]);
        image.AddFunction(0x1000, 0x1100, info);
        byte[] stack = new byte[256];
        BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(16), ImageBuilder.Base + 0x5000);
        BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(24), ImageBuilder.Base + 0x1050);
        byte[] built = image.Build();

        foreach (int pushed in (int[])[0, 1, 3])
        {
            var registers = new UnwindRegisters
            {
                Rip = ImageBuilder.Base + 0x3000,
                Rsp = SimulatedStack.Low + 24 - ((ulong)pushed * 8),
            };

            List<(ulong Rip, ulong[] Registers)> frames = Walk(built, stack, registers);

            Assert.Equal([ImageBuilder.Base + 0x3000, ImageBuilder.Base + 0x1050], frames.Select(f => f.Rip));
            Assert.Equal(SimulatedStack.Low + 32, frames[1].Registers[UnwindRegisters.RspNumber]);
        }
    }

    [Fact]
    public void A_call_through_a_null_pointer_leads_to_its_caller()
    {
        SimulatedStack machine = Run(7, 3, stopInProlog: false);
        machine.CallOutside(0);

        Assert.Equal(
            machine.Expected.Select(f => f.Rip), Walk(machine.Build(), machine.Stack, machine.Registers()).Select(f => f.Rip));
    }

    [Theory]
    [InlineData(2, "version")]
    [InlineData(1, "operation")]
    public void Data_of_another_kind_ends_the_walk(byte flags, string what)
    {
        var image = new ImageBuilder();
        uint info = image.AddInfo(flags, 4, 0, [what == "operation" ? (ushort)0x0604 : (ushort)0x4204]);
        image.AddFunction(0x1000, 0x1100, info);
        byte[] stack = new byte[64];
        for (int i = 0; i < 64; i += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(stack.AsSpan(i), ImageBuilder.Base + 0x1050);
        }

        var registers = new UnwindRegisters { Rip = ImageBuilder.Base + 0x1080, Rsp = SimulatedStack.Low };

        Assert.Single(Walk(image.Build(), stack, registers));
    }

    [Fact]
    public void A_function_chained_to_itself_ends_the_walk()
    {
        var image = new ImageBuilder();
        uint first = image.AddInfo(1 | (4 << 3), 0, 0, [], (0x1000, 0x1100, 0x8000));
        image.AddFunction(0x1000, 0x1100, first);
        var registers = new UnwindRegisters { Rip = ImageBuilder.Base + 0x1080, Rsp = SimulatedStack.Low };

        Assert.Equal(0x8000u, first);
        Assert.Single(Walk(image.Build(), new byte[64], registers));
    }

    [Fact]
    public void Damage_anywhere_never_leads_outside_image_or_stack()
    {
        SimulatedStack machine = Run(42, 20, stopInProlog: true);
        byte[] image = machine.Build();
        int used = Array.FindLastIndex(image, b => b != 0) + 1;
        int data = Array.FindIndex(image, 0x8000, b => b != 0);
        Gen<int> place = Gen.Frequency((1, Gen.Int[0, 0x200]), (6, Gen.Int[data, used - 1]));
        Gen.Select(Gen.Select(place, Gen.Byte).Array[1, 12], Gen.ULong, Gen.Int[0, 3], Gen.Int[0, SimulatedStack.Size]).Sample(
            (damage, wild, mode, cut) =>
            {
                byte[] damaged = (byte[])image.Clone();
                foreach ((int at, byte with) in damage)
                {
                    damaged[at] = with;
                }

                UnwindRegisters registers = machine.Registers();
                registers.Rsp = mode == 1 ? wild : registers.Rsp;
                registers.Rip = mode == 2 ? ImageBuilder.Base + (wild % 0xC000) : registers.Rip;
                ReadOnlySpan<byte> stack = machine.Stack.AsSpan(0, mode == 3 ? cut : SimulatedStack.Size);

                // A span's own check would throw if it read outside.
                return Walk(damaged, stack, registers).Count is >= 1 and <= StackWalker.MaximumFrames
                    && Walk(damaged.AsSpan(0, cut % damaged.Length), stack, registers).Count is >= 1 and <= StackWalker.MaximumFrames;
            },
            iter: 20_000);
    }

    private static SimulatedStack Run(int seed, int depth, bool stopInProlog)
    {
        var random = new Random(seed);
        var machine = new SimulatedStack(seed);
        bool[] interrupts = [.. Enumerable.Range(0, depth + 1).Select(i => i != 0 && random.Next(8) == 0)];
        for (int i = 0; i < depth; i++)
        {
            bool isLast = i == depth - 1;
            bool isInterrupted = interrupts[i + 1] && !isLast;
            if (interrupts[i])
            {
                machine.Interrupt(random.Next(2) == 0);
            }
            else
            {
                machine.Call((isLast && stopInProlog) || (isInterrupted && random.Next(2) == 0), callsOn: !isLast && !isInterrupted);
            }
        }

        return machine;
    }

    private static List<(ulong Rip, ulong[] Registers)> Walk(ReadOnlySpan<byte> image, ReadOnlySpan<byte> stack, UnwindRegisters registers)
    {
        var frames = new List<(ulong, ulong[])>();
        var walker = new StackWalker(
            new UnwindTable(new MemoryWindow(ImageBuilder.Base, image)), new MemoryWindow(SimulatedStack.Low, stack), registers);
        while (walker.MoveNext())
        {
            ulong[] general = new ulong[16];
            for (int i = 0; i < 16; i++)
            {
                general[i] = walker.Registers[i];
            }

            frames.Add((walker.Registers.Rip, general));
        }

        return frames;
    }
}
