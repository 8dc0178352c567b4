using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Platform.Tests.Time;

/// <summary>
/// A board whose 8254, time-stamp counter and local APIC timer count the same passing time, which moves at every access and now
/// and then jumps, as when firmware interrupts. The 8254's channel 2 knows mode 0 and the counter latch (8254 data sheet).
/// </summary>
internal sealed unsafe class ClockBoard : RefusingHardware, IDisposable
{
    private const double PitHertz = 14_318_180 / 12.0;
    private readonly Random _random;
    private readonly double _tscHertz;
    private readonly double _timerHertz;
    private readonly double _longestJump;
    private double _seconds;
    private double _timerStarted;
    private uint _timerInitial;
    private byte _control;
    private double _counted;
    private double _gateOpened;
    private int _reload = -1;
    private int _written;
    private int _latch;
    private int _latchedBytes;

    public ClockBoard(int seed, double tscHertz, double timerHertz, double longestJump)
    {
        _random = new Random(seed);
        _tscHertz = tscHertz;
        _timerHertz = timerHertz;
        _longestJump = longestJump;
        Apic = (byte*)NativeMemory.AllocZeroed(4096);
        Cpu.Hardware = this;
    }

    /// <summary>The local APIC's registers.</summary>
    public byte* Apic { get; }

    /// <summary>A counter that stands still.</summary>
    public bool IsDead { get; init; }

    /// <summary>A board without one: every read gives all ones.</summary>
    public bool IsMissing { get; init; }

    /// <summary>Accesses before which the processor is taken away for a tenth of a second.</summary>
    public IReadOnlyList<long> Interruptions { get; init; } = [];

    public long Accesses { get; private set; }

    /// <summary>System control port B as it was left.</summary>
    public byte Control => _control;

    public uint TimerInitial => *(uint*)(Apic + 0x380);

    public override ulong TimeStampCounter
    {
        get
        {
            Pass(5e-9);
            return (ulong)(_seconds * _tscHertz);
        }
    }

    public override uint ReadPort(ushort port, int size)
    {
        Pass(0.7e-6);
        switch (port)
        {
            case 0x61:
                return (uint)(_control | (HasFinished ? 0x20 : 0));
            case 0x42:
                if (IsMissing)
                {
                    return 0xFF;
                }

                int count = _latchedBytes > 0 ? _latch : Count;
                bool high = (_latchedBytes > 0 ? _latchedBytes : 2) == 1;
                _latchedBytes = Math.Max(0, _latchedBytes - 1);
                return (byte)(high ? count >> 8 : count);
            default:
                return base.ReadPort(port, size);
        }
    }

    public override void WritePort(ushort port, int size, uint value)
    {
        Pass(0.7e-6);
        switch (port)
        {
            case 0x61:
                SetGate((value & 1) != 0);
                Assert.Equal(0u, value & 2);
                _control = (byte)value;
                break;
            case 0x43 when value == 0xB0:
                _reload = -1;
                _written = 0;
                _counted = 0;
                _latchedBytes = 0;
                break;
            case 0x43 when value == 0x80:
                if (_latchedBytes == 0)
                {
                    _latch = Count;
                    _latchedBytes = 2;
                }

                break;
            case 0x42:
                _written = _written == 0 ? 0x100 | (int)value : _written;
                if (_reload == -1)
                {
                    _reload = -2;
                }
                else
                {
                    _reload = (_written & 0xFF) | ((int)value << 8);
                    _gateOpened = _seconds;
                }

                break;
            default:
                base.WritePort(port, size, value);
                break;
        }
    }

    public void Dispose() => NativeMemory.Free(Apic);

    private long Counted => (long)((_counted + ((_control & 1) != 0 ? _seconds - _gateOpened : 0)) * PitHertz);

    private int Count => IsDead || _reload < 0 ? _reload : (_reload - (int)Counted) & 0xFFFF;

    /// <summary>Mode 0: the output is high from the end of the count on.</summary>
    private bool HasFinished => !IsDead && _reload >= 0 && Counted >= _reload;

    private void SetGate(bool open)
    {
        if ((_control & 1) != 0 && !open)
        {
            _counted += _seconds - _gateOpened;
        }

        _gateOpened = _seconds;
    }

    /// <summary>Moves time, and the APIC timer with it: its count is memory that the code reads whenever it likes.</summary>
    private void Pass(double seconds)
    {
        _seconds += Interruptions.Contains(Accesses) ? 0.1 : 0;
        Accesses++;
        _seconds += seconds * (0.9 + (_random.NextDouble() * 0.2));
        _seconds += _longestJump != 0 && _random.Next(12) == 0 ? _random.NextDouble() * _longestJump : 0;
        if (_timerInitial != TimerInitial)
        {
            _timerInitial = TimerInitial;
            _timerStarted = _seconds;
        }

        double counts = (_seconds - _timerStarted) * _timerHertz;
        *(uint*)(Apic + 0x390) = counts >= _timerInitial ? 0 : _timerInitial - (uint)counts;
    }
}
