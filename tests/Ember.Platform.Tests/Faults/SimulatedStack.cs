using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Ember.Platform.Faults;

namespace Ember.Platform.Tests.Faults;

/// <summary>
/// Functions that are called for as long as one likes: each prologue is executed on a machine of sixteen registers and a stack, and
/// described by UNWIND_INFO at the same time. What the registers were in every caller is written down as it happens.
/// </summary>
internal sealed class SimulatedStack
{
    public const ulong Low = 0x7000_0000;
    public const int Size = 1 << 18;

    private const int Rsp = 4;
    private const uint FunctionSize = 0x100;

    private readonly Random _random;
    private readonly ImageBuilder _image = new();
    private readonly byte[] _stack = new byte[Size];
    private readonly ulong[] _registers = new ulong[16];
    private readonly List<(ulong Rip, ulong[] Registers)> _expected = [];
    private uint _nextFunction = ImageBuilder.CodeStart;

    public SimulatedStack(int seed)
    {
        _random = new Random(seed);
        _random.NextBytes(_stack);
        for (int i = 0; i < 16; i++)
        {
            _registers[i] = (ulong)_random.NextInt64();
        }

        _registers[Rsp] = Low + Size - 0x100;
        Rip = 0xFFFF_0000_0000;
    }

    /// <summary>Where the machine is.</summary>
    public ulong Rip { get; private set; }

    public byte[] Stack => _stack;

    /// <summary>The frames a walk should find, innermost first.</summary>
    public List<(ulong Rip, ulong[] Registers)> Expected => [(Rip, _registers), .. Enumerable.Reverse(_expected.Skip(1))];

    public byte[] Build() => _image.Build();

    public UnwindRegisters Registers()
    {
        var registers = new UnwindRegisters { Rip = Rip };
        for (int i = 0; i < 16; i++)
        {
            registers[i] = _registers[i];
        }

        return registers;
    }

    /// <summary>Calls a new function of a random shape and stops somewhere in it.</summary>
    /// <param name="stopInProlog">Whether in its prologue, and not in its body.</param>
    /// <param name="callsOn">Whether at a call.</param>
    public void Call(bool stopInProlog, bool callsOn)
    {
        _expected.Add((Rip, (ulong[])_registers.Clone()));
        Push(Rip);
        uint begin = _nextFunction;
        _nextFunction += FunctionSize;

        var steps = Prolog();
        int executed = stopInProlog ? _random.Next(steps.Count + 1) : steps.Count;
        byte offset = 0;
        byte stoppedAt = 0;
        var codes = new List<ushort[]>();
        byte frame = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            offset += (byte)_random.Next(1, 8);
            codes.Add(Codes(steps[i], offset));
            frame = steps[i].Kind == "frame" ? (byte)(steps[i].Register | ((int)(steps[i].Value / 16) << 4)) : frame;
            if (i < executed)
            {
                Execute(steps[i]);
                stoppedAt = offset;
            }
        }

        ushort[] slots = [.. Enumerable.Reverse(codes).SelectMany(c => c)];
        uint info = _image.AddInfo(1, offset, frame, slots);
        uint end = begin + FunctionSize - (uint)_random.Next(0, 16);
        if (stopInProlog)
        {
            Rip = ImageBuilder.Base + begin + stoppedAt;
            _image.AddFunction(begin, end, info);
            return;
        }

        Rip = ImageBuilder.Base + begin + offset + (uint)_random.Next(1, 64);
        if (frame != 0)
        {
            // What alloca does: with a frame register the stack pointer may go anywhere below.
            _registers[Rsp] -= (ulong)_random.Next(0, 64) * 16;
        }

        if (_random.Next(4) == 0)
        {
            // A part of the function far from its prologue, as compilers split off, and the call is its last instruction.
            _image.AddFunction(begin, begin + 0x80, info);
            uint chained = _image.AddInfo(1 | (4 << 3), 0, frame, [], (begin, begin + 0x80, info));
            _image.AddFunction(begin + 0x80, begin + 0xC0, chained);
            Rip = ImageBuilder.Base + begin + (callsOn ? 0xC0u : 0xA0u);
        }
        else
        {
            _image.AddFunction(begin, end, info);
        }

        // A body may change what need not be kept and what was saved.
        IEnumerable<int> saved = steps.Where(s => s.Kind is "push" or "save" or "saveFar").Select(s => s.Register);
        foreach (int register in saved.Concat([0, 1, 2, 8, 9, 10, 11]).Except(steps.Where(s => s.Kind == "frame").Select(s => s.Register)))
        {
            _registers[register] = (ulong)_random.NextInt64();
        }
    }

    /// <summary>Is interrupted, and starts to run a handler whose unwind data says so.</summary>
    public void Interrupt(bool withError)
    {
        _expected.Add((Rip, (ulong[])_registers.Clone()));
        ulong rsp = _registers[Rsp];
        Push(0x10);
        Push(rsp);
        Push(0x202);
        Push(8);
        Push(Rip);
        if (withError)
        {
            Push(5);
        }

        uint begin = _nextFunction;
        _nextFunction += FunctionSize;
        Push(_registers[3]);
        _registers[3] = 77;
        uint info = _image.AddInfo(1, 1, 0, [0x3001, (ushort)(0x0A00 | (withError ? 0x1000 : 0))]);
        _image.AddFunction(begin, begin + FunctionSize, info);
        Rip = ImageBuilder.Base + begin + 9;
    }

    /// <summary>Calls where no function is.</summary>
    public void CallOutside(ulong rip)
    {
        _expected.Add((Rip, (ulong[])_registers.Clone()));
        Push(Rip);
        Rip = rip;
    }

    private List<(string Kind, int Register, ulong Value)> Prolog()
    {
        int[] nonvolatile = [3, 5, 6, 7, 12, 13, 14, 15];
        _random.Shuffle(nonvolatile);
        var steps = new List<(string, int, ulong)>();
        int pushes = _random.Next(0, 6);
        for (int i = 0; i < pushes; i++)
        {
            steps.Add(("push", nonvolatile[i], 0));
        }

        ulong allocated = _random.Next(4) switch
        {
            0 => 0,
            1 => (ulong)_random.Next(1, 17) * 8,
            2 => (ulong)_random.Next(17, 300) * 8,
            _ => 1024 * (ulong)_random.Next(1, 3),
        };
        if (allocated != 0)
        {
            steps.Add(("allocate", 0, allocated));
            steps.Add(("xmm", _random.Next(6, 16), 0));
        }

        if (_random.Next(2) == 0)
        {
            ulong offset = Math.Min(allocated / 16, (ulong)_random.Next(0, 16)) * 16;
            steps.Add(("frame", nonvolatile[pushes], offset));
        }

        if (allocated >= 16)
        {
            steps.Add(("save", nonvolatile[7], allocated / 8 / 2 * 8));
            steps.Add(("saveFar", nonvolatile[6], 0));
        }

        // A frame register has to be saved before it is set.
        int frame = steps.FindIndex(s => s.Item1 == "frame");
        if (frame >= 0)
        {
            steps.Insert(0, ("push", steps[frame].Item2, 0));
        }

        return steps;
    }

    private static ushort[] Codes((string Kind, int Register, ulong Value) step, byte offset)
    {
        ushort Slot(int operation, int info) => (ushort)(offset | (operation << 8) | (info << 12));
        return step.Kind switch
        {
            "push" => [Slot(0, step.Register)],
            "allocate" when step.Value <= 128 => [Slot(2, (int)(step.Value / 8) - 1)],
            "allocate" when step.Value % 1024 != 0 => [Slot(1, 0), (ushort)(step.Value / 8)],
            "allocate" => [Slot(1, 1), (ushort)step.Value, (ushort)(step.Value >> 16)],
            "frame" => [Slot(3, 0)],
            "save" => [Slot(4, step.Register), (ushort)(step.Value / 8)],
            "saveFar" => [Slot(5, step.Register), (ushort)step.Value, (ushort)(step.Value >> 16)],
            _ => [Slot(8, step.Register), 0],
        };
    }

    private void Execute((string Kind, int Register, ulong Value) step)
    {
        switch (step.Kind)
        {
            case "push":
                Push(_registers[step.Register]);
                break;
            case "allocate":
                _registers[Rsp] -= step.Value;
                break;
            case "frame":
                _registers[step.Register] = _registers[Rsp] + step.Value;
                break;
            case "save" or "saveFar":
                Store(_registers[Rsp] + step.Value, _registers[step.Register]);
                break;
        }
    }

    private void Push(ulong value)
    {
        _registers[Rsp] -= 8;
        Store(_registers[Rsp], value);
    }

    private void Store(ulong address, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(_stack.AsSpan((int)(address - Low)), value);
}
