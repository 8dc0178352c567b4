namespace Ember.Core.Devices;

/// <summary>
/// The 8254 interval timer of a PC at ports 0x40 to 0x43, and port 0x61 that gates its third counter. Its clock is
/// 14.31818 MHz / 12: 105 ticks in 88 microseconds, exactly.
/// </summary>
public struct Pit8254
{
    /// <summary>First of its four ports.</summary>
    public const ushort BasePort = 0x40;

    /// <summary>System control port B.</summary>
    public const ushort ControlPort = 0x61;

    /// <summary>The ISA interrupt of counter 0.</summary>
    public const int Interrupt = 0;

    // A tick is 17600/21 nanoseconds.
    private const ulong TickNumerator = 17_600;
    private const ulong TickDenominator = 21;
    private const ulong FirstTick = 65_536;

    private const byte GateBit = 0x01;
    private const byte StoredBits = 0x0F;
    private const byte RefreshToggle = 0x10;
    private const byte OutputBit = 0x20;
    private const ulong RefreshTicks = 18;

    private Pit8254Channel _channel0;
    private Pit8254Channel _channel1;
    private Pit8254Channel _channel2;
    private ulong _nextRise;
    private byte _control;

    /// <summary>The state after power-on. Counters 0 and 1 have their gates tied high.</summary>
    public void Initialize()
    {
        _channel0.Initialize(true);
        _channel1.Initialize(true);
        _channel2.Initialize(false);
        _nextRise = ulong.MaxValue;
        _control = 0;
    }

    /// <summary>The nanosecond of the next rising edge of counter 0's OUT; ulong.MaxValue for never.</summary>
    public readonly ulong NextEvent => _nextRise == ulong.MaxValue ? ulong.MaxValue : FirstNanosecond(_nextRise);

    /// <summary>
    /// The tick that a nanosecond falls into. Ticks are numbered from 65536: a cycle can have begun before time 0.
    /// </summary>
    public static ulong TickAt(ulong now) =>
        FirstTick + (now / TickNumerator * TickDenominator) + (now % TickNumerator * TickDenominator / TickNumerator);

    /// <summary>The first nanosecond of a tick from 65536 on.</summary>
    public static ulong FirstNanosecond(ulong tick)
    {
        ulong ticks = tick - FirstTick;
        return (ticks / TickDenominator * TickNumerator)
            + (((ticks % TickDenominator * TickNumerator) + TickDenominator - 1) / TickDenominator);
    }

    /// <summary>Gives whether OUT of counter 0 rose since the last call, once however often it did.</summary>
    public bool TakeRise(ulong now)
    {
        ulong tick = TickAt(now);
        if (_nextRise == ulong.MaxValue || tick < _nextRise)
        {
            return false;
        }

        _nextRise = _channel0.NextRise(tick);
        return true;
    }

    /// <summary>Reads port 0x40 to 0x43 or 0x61.</summary>
    public byte Read(ushort port, ulong now)
    {
        ulong tick = TickAt(now);
        switch (port)
        {
            case BasePort:
                return _channel0.Read(tick);

            case BasePort + 1:
                return _channel1.Read(tick);

            case BasePort + 2:
                return _channel2.Read(tick);

            case ControlPort:
                return (byte)(_control
                    | ((tick / RefreshTicks & 1) != 0 ? RefreshToggle : 0)
                    | (_channel2.Output(tick) ? OutputBit : 0));

            default:
                return 0xFF;
        }
    }

    /// <summary>Writes port 0x40 to 0x43 or 0x61. The owner calls <see cref="TakeRise"/> with the same time first.</summary>
    public void Write(ushort port, byte value, ulong now)
    {
        ulong tick = TickAt(now);
        switch (port)
        {
            case BasePort:
                _channel0.Write(value, tick);
                break;

            case BasePort + 1:
                _channel1.Write(value, tick);
                break;

            case BasePort + 2:
                _channel2.Write(value, tick);
                break;

            case ControlPort:
                _control = (byte)(value & StoredBits);
                _channel2.SetGate((value & GateBit) != 0, tick);
                return;

            default:
                WriteControl(value, tick);
                break;
        }

        _nextRise = _channel0.NextRise(tick);
    }

    private void WriteControl(byte value, ulong tick)
    {
        switch (value >> 6)
        {
            case 0:
                Command(ref _channel0, value, tick);
                break;

            case 1:
                Command(ref _channel1, value, tick);
                break;

            case 2:
                Command(ref _channel2, value, tick);
                break;

            default:
                ReadBack(ref _channel0, value, 0x02, tick);
                ReadBack(ref _channel1, value, 0x04, tick);
                ReadBack(ref _channel2, value, 0x08, tick);
                break;
        }
    }

    private static void Command(ref Pit8254Channel channel, byte value, ulong tick)
    {
        if ((value & 0x30) == 0)
        {
            channel.LatchCount(tick);
        }
        else
        {
            channel.Control(value);
        }
    }

    private static void ReadBack(ref Pit8254Channel channel, byte value, byte select, ulong tick)
    {
        if ((value & select) == 0)
        {
            return;
        }

        if ((value & 0x20) == 0)
        {
            channel.LatchCount(tick);
        }

        if ((value & 0x10) == 0)
        {
            channel.LatchStatus(tick);
        }
    }
}
