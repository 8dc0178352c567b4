namespace Ember.Core.Devices;

/// <summary>
/// One counter of an 8254 (Intel data sheet, order 231164). Nothing counts here: the count is worked out from the input clock's
/// tick number, which the caller passes in and which never falls.
/// </summary>
public struct Pit8254Channel
{
    private const ulong Never = ulong.MaxValue;

    // Control word, bits 5..4: which bytes are read and written.
    private const int AccessLow = 1;
    private const int AccessHigh = 2;
    private const int AccessBoth = 3;

    // The tick at which the count in force was, or will be, loaded; Never before that.
    private ulong _start;

    // The tick at which _next takes over, modes 2 and 3; Never if it does not.
    private ulong _switch;

    // Ticks counted when the gate stopped the counter, modes 0 and 4.
    private ulong _stopped;

    // Mode 4: the tick of a strobe that the gate cannot stop or bring back; Never before it.
    private ulong _strobe;

    private uint _count;
    private uint _next;
    private ushort _latched;
    private byte _mode;
    private byte _access;
    private byte _written;
    private byte _latchedStatus;
    private byte _latchedBytes;
    private bool _bcd;
    private bool _gate;
    private bool _isStopped;

    // Level of OUT until the count that was written or triggered is loaded with the next clock.
    private bool _outputBefore;
    private bool _writeHigh;
    private bool _readHigh;
    private bool _hasLatchedStatus;

    /// <summary>The state after power-on, which the data sheet leaves undefined: mode 0, nothing loaded.</summary>
    public void Initialize(bool gate)
    {
        this = default;
        _gate = gate;
        _access = AccessBoth;
        _start = Never;
        _strobe = Never;
        _switch = Never;
    }

    /// <summary>Level of GATE.</summary>
    public readonly bool Gate => _gate;

    private readonly uint Modulus => _bcd ? 10_000u : 65_536u;

    /// <summary>Writes the control word's part for this counter: access, mode and BCD.</summary>
    public void Control(byte value)
    {
        _access = (byte)((value >> 4) & 3);
        _mode = (byte)((value >> 1) & 7);
        if (_mode > 5)
        {
            _mode -= 4;
        }

        _bcd = (value & 1) != 0;
        _start = Never;
        _switch = Never;
        _count = 0;
        _next = 0;
        _isStopped = false;
        _strobe = Never;
        _writeHigh = false;
        _readHigh = false;
        _latchedBytes = 0;
        _hasLatchedStatus = false;
    }

    /// <summary>The counter latch command.</summary>
    public void LatchCount(ulong tick)
    {
        if (_latchedBytes == 0)
        {
            _latched = Value(tick);
            _latchedBytes = _access == AccessBoth ? (byte)2 : (byte)1;
            _readHigh = false;
        }
    }

    /// <summary>The status half of the read-back command.</summary>
    public void LatchStatus(ulong tick)
    {
        if (!_hasLatchedStatus)
        {
            _hasLatchedStatus = true;
            bool isNull = _start == Never || tick < _start || _switch != Never;
            _latchedStatus =
                (byte)((Output(tick) ? 0x80 : 0) | (isNull ? 0x40 : 0) | (_access << 4) | (_mode << 1) | (_bcd ? 1 : 0));
        }
    }

    /// <summary>Reads the counter's port: latched status, latched count, or the count as it runs.</summary>
    public byte Read(ulong tick)
    {
        Settle(tick);
        if (_hasLatchedStatus)
        {
            _hasLatchedStatus = false;
            return _latchedStatus;
        }

        ushort value = _latched;
        if (_latchedBytes != 0)
        {
            _latchedBytes--;
        }
        else
        {
            value = Value(tick);
        }

        bool high = _access == AccessHigh || (_access == AccessBoth && _readHigh);
        _readHigh = _access == AccessBoth && !_readHigh;
        return (byte)(high ? value >> 8 : value);
    }

    /// <summary>Writes the counter's port.</summary>
    public void Write(byte value, ulong tick)
    {
        Settle(tick);
        switch (_access)
        {
            case AccessLow:
                Load(value, tick);
                break;

            case AccessHigh:
                Load((ushort)(value << 8), tick);
                break;

            default:
                if (_writeHigh)
                {
                    Load((ushort)(_written | (value << 8)), tick);
                }
                else
                {
                    _written = value;
                    if (_mode == 0)
                    {
                        // Mode 0: the first byte disables counting and sets OUT low at once.
                        _start = Never;
                    }
                }

                _writeHigh = !_writeHigh;
                break;
        }
    }

    /// <summary>Drives GATE.</summary>
    public void SetGate(bool gate, ulong tick)
    {
        if (gate == _gate)
        {
            return;
        }

        Settle(tick);
        bool output = Output(tick);
        _gate = gate;
        if (!gate)
        {
            if (_mode is not (1 or 5) && _start != Never)
            {
                _stopped = tick > _start ? tick - _start : 0;
                _isStopped = true;
                _strobe = _mode == 4 && _strobe == Never && _stopped >= _count ? _start + _count : _strobe;
                _switch = Never;
            }
        }
        else if (_mode is 0 or 4)
        {
            if (_isStopped)
            {
                _start = tick < _start ? _start : tick - _stopped;
                _isStopped = false;
            }
        }
        else if (_next != 0)
        {
            // A rising edge triggers modes 1 and 5 and restarts 2 and 3 with the next clock.
            _outputBefore = output;
            _count = _next;
            _start = tick + 1;
            _switch = Never;
            _isStopped = false;
        }
    }

    /// <summary>Level of OUT.</summary>
    public readonly bool Output(ulong tick)
    {
        if (_start == Never || tick < _start)
        {
            return _start == Never ? _mode != 0 : _outputBefore;
        }

        ulong elapsed = _isStopped ? _stopped : tick - _start;
        uint count = CountInForce(tick, ref elapsed);
        return _mode switch
        {
            0 or 1 => elapsed >= count,
            2 => !_gate || elapsed % count != count - 1,
            3 => !_gate || elapsed % count < (count + 1) / 2,
            _ => _strobe == Never ? elapsed != count : tick != _strobe,
        };
    }

    /// <summary>The first tick after a given one at which OUT rises; ulong.MaxValue if it will not without an access.</summary>
    public readonly ulong NextRise(ulong tick)
    {
        if (tick < _start && !_outputBefore && _mode is 4 or 5)
        {
            // Written or triggered in the clock of the strobe.
            return _start;
        }

        if (_strobe != Never)
        {
            return tick == _strobe ? tick + 1 : Never;
        }

        if (_start == Never || _isStopped)
        {
            return Never;
        }

        ulong start = _start;
        uint count = _count;
        if (_switch != Never && tick >= _switch)
        {
            start = _switch - SwitchOffset;
            count = _next;
        }

        ulong first = _mode is 4 or 5 ? start + count + 1 : start + count;
        if (_mode is not (2 or 3))
        {
            return tick < first ? first : Never;
        }

        if (tick >= first)
        {
            first += (((tick - first) / count) + 1) * count;
        }

        // A rise that the new count pre-empts happens at the switch if that ends a cycle; else the new cycle's own is next.
        return _switch != Never && tick < _switch && first > _switch ? _switch - SwitchOffset + _next : first;
    }

    /// <summary>A new count in mode 3 takes over at a half cycle: after the high half it starts with its low half.</summary>
    private readonly ulong SwitchOffset => _mode == 3 && ((_switch - _start) % _count) != 0 ? (_next + 1) / 2 : 0;

    private readonly uint CountInForce(ulong tick, ref ulong elapsed)
    {
        if (_switch == Never || tick < _switch)
        {
            return _count;
        }

        elapsed = tick - _switch + SwitchOffset;
        return _next;
    }

    /// <summary>Makes the next count the one in force once its time has come.</summary>
    private void Settle(ulong tick)
    {
        if (_switch != Never && tick >= _switch)
        {
            _start = _switch - SwitchOffset;
            _count = _next;
            _switch = Never;
        }
    }

    private void Load(ushort written, ulong tick)
    {
        uint count = _bcd ? FromBcd(written) : written;

        // A count of 1 is illegal in modes 2 and 3; it gets the longest cycle.
        _next = count == 0 || (count == 1 && (_mode is 2 or 3)) ? Modulus : count;
        if (_mode is not (0 or 4) && _start != Never && tick < _start)
        {
            // The clock pulse that loads is still to come.
            _count = _next;
            return;
        }

        if (_mode is 2 or 3 && _start != Never)
        {
            if (!_gate)
            {
                return;
            }

            // Section "Mode 2" and "Mode 3": the cycle, or half cycle, that runs is finished with the old count.
            ulong into = (tick - _start) % _count;
            uint half = (_count + 1) / 2;
            _switch = tick - into + (_mode == 3 && into < half ? half : _count);
            return;
        }

        if (_mode is 1 or 5)
        {
            // These wait for a trigger; one that runs is not disturbed.
            return;
        }

        _outputBefore = Output(tick);
        _count = _next;
        _switch = Never;
        _start = tick + 1;
        _isStopped = !_gate;
        _strobe = Never;
        _stopped = 0;
    }

    private readonly ushort Value(ulong tick)
    {
        if (_start == Never || tick < _start)
        {
            return Encode(_count);
        }

        ulong elapsed = _isStopped ? _stopped : tick - _start;
        uint count = CountInForce(tick, ref elapsed);
        switch (_mode)
        {
            case 2:
                return Encode(count - (uint)(elapsed % count));

            case 3:
                uint phase = (uint)(elapsed % count);
                uint half = (count + 1) / 2;
                return Encode((count & ~1u) - (2 * (phase < half ? phase : phase - half)));

            default:
                // After its end the counter wraps and goes on.
                uint into = (uint)(elapsed % Modulus);
                return Encode(count >= into ? count - into : count + Modulus - into);
        }
    }

    private readonly ushort Encode(uint count)
    {
        count %= Modulus;
        return _bcd
            ? (ushort)((count / 1000 << 12) | (count / 100 % 10 << 8) | (count / 10 % 10 << 4) | (count % 10))
            : (ushort)count;
    }

    /// <summary>Digits above 9, which the data sheet does not define, count by their place.</summary>
    private static uint FromBcd(ushort digits) =>
        (uint)(((digits >> 12) * 1000) + ((digits >> 8 & 15) * 100) + ((digits >> 4 & 15) * 10) + (digits & 15)) % 10_000;
}
