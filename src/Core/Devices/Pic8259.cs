using System.Numerics;

namespace Ember.Core.Devices;

/// <summary>
/// One 8259A interrupt controller (Intel 8259A data sheet, order 231468), with the edge/level register that PC chip sets add.
/// A request stays latched when its line falls before the acknowledge, as in those chip sets; a slave's can be withdrawn.
/// </summary>
public struct Pic8259
{
    private const byte Icw1 = 0x10;
    private const byte Icw1NeedIcw4 = 0x01;
    private const byte Icw1Single = 0x02;
    private const byte Icw1LevelTriggered = 0x08;
    private const byte Icw4AutoEoi = 0x02;
    private const byte Icw4SpecialFullyNested = 0x10;
    private const byte Ocw3 = 0x08;
    private const byte Ocw3Poll = 0x04;

    private byte _request;
    private byte _inService;
    private byte _mask;
    private byte _lines;
    private byte _levelTriggered;
    private byte _icw1;
    private byte _vectorBase;
    private byte _icw4;

    // 0 when initialised; otherwise the number of the initialisation word expected next.
    private byte _expectedIcw;

    private byte _lowestPriority;
    private bool _readInService;
    private bool _specialMask;
    private bool _poll;
    private bool _rotateOnAutoEoi;

    /// <summary>Bits of <see cref="EdgeLevel"/> that can be written: 0xF8 on the master, 0xDE on the slave.</summary>
    public byte EdgeLevelMask;

    /// <summary>The input that a slave drives: 0x04 on the master, 0 on the slave.</summary>
    public byte CascadeInputs;

    /// <summary>ELCR (ports 0x4D0 and 0x4D1): a set bit makes the input level triggered.</summary>
    public byte EdgeLevel
    {
        readonly get => _levelTriggered;
        set
        {
            _levelTriggered = (byte)(value & EdgeLevelMask);
            _request = (byte)((_request & ~_levelTriggered) | (_lines & _levelTriggered));
        }
    }

    /// <summary>Level of INT: whether some request may interrupt the processor now.</summary>
    public readonly bool Output => Pending() >= 0;

    /// <summary>The vector that the next acknowledge gives, spurious interrupt 7 if nothing is pending.</summary>
    public readonly byte PeekVector => (byte)(_vectorBase | (Pending() & 7));

    private readonly byte LevelInputs => (_icw1 & Icw1LevelTriggered) != 0 ? (byte)0xFF : _levelTriggered;

    /// <summary>Drives an interrupt request input.</summary>
    public void SetLine(int input, bool asserted)
    {
        byte bit = (byte)(1 << input);
        if (!asserted)
        {
            _lines &= (byte)~bit;
            _request &= (byte)~(bit & (LevelInputs | CascadeInputs));
        }
        else if ((_lines & bit) == 0)
        {
            _lines |= bit;
            _request |= bit;
        }
    }

    /// <summary>
    /// The two INTA pulses: gives the input acknowledged; -1 for the spurious interrupt 7, which is never in service.
    /// </summary>
    public int Acknowledge()
    {
        int input = Pending();
        if (input >= 0)
        {
            Serve(input);
        }

        return input;
    }

    /// <summary>The vector of an input; -1 gives that of input 7.</summary>
    public readonly byte VectorOf(int input) => (byte)(_vectorBase | (input & 7));

    /// <summary>Reads a port: 0 the even one (IRR, ISR or poll word), 1 the odd one (IMR).</summary>
    public byte Read(int port)
    {
        if (_poll)
        {
            _poll = false;
            int input = Acknowledge();
            return input < 0 ? (byte)0 : (byte)(0x80 | input);
        }

        if (port != 0)
        {
            return _mask;
        }

        return _readInService ? _inService : _request;
    }

    /// <summary>Writes a port: 0 the even one (ICW1, OCW2, OCW3), 1 the odd one (ICW2 to ICW4, OCW1).</summary>
    public void Write(int port, byte value)
    {
        if (port != 0)
        {
            WriteOdd(value);
        }
        else if ((value & Icw1) != 0)
        {
            // Section "Initialization command words": edge latches, mask and special modes are cleared, IR7 is lowest.
            _icw1 = value;
            _expectedIcw = 2;
            _icw4 = 0;
            _inService = 0;
            _mask = 0;
            _request = (byte)(_lines & LevelInputs);
            _lowestPriority = 7;
            _readInService = false;
            _specialMask = false;
            _poll = false;
            _rotateOnAutoEoi = false;
        }
        else if ((value & Ocw3) != 0)
        {
            WriteOcw3(value);
        }
        else
        {
            WriteOcw2(value);
        }
    }

    private void WriteOdd(byte value)
    {
        switch (_expectedIcw)
        {
            case 2:
                _vectorBase = (byte)(value & 0xF8);
                _expectedIcw = (_icw1 & Icw1Single) == 0 ? (byte)3 : AfterIcw3;
                break;

            case 3:
                // The cascade is wired; its word changes nothing.
                _expectedIcw = AfterIcw3;
                break;

            case 4:
                _icw4 = value;
                _expectedIcw = 0;
                break;

            default:
                _mask = value;
                break;
        }
    }

    private readonly byte AfterIcw3 => (_icw1 & Icw1NeedIcw4) != 0 ? (byte)4 : (byte)0;

    private void WriteOcw2(byte value)
    {
        bool rotate = (value & 0x80) != 0;
        bool specific = (value & 0x40) != 0;
        int level = value & 7;
        if ((value & 0x20) == 0)
        {
            if (!specific)
            {
                _rotateOnAutoEoi = rotate;
            }
            else if (rotate)
            {
                _lowestPriority = (byte)level;
            }

            return;
        }

        if (!specific)
        {
            // The special mask mode hides masked inputs from the non-specific end of interrupt.
            level = Highest(_specialMask ? (byte)(_inService & ~_mask) : _inService);
            if (level < 0)
            {
                return;
            }
        }

        _inService &= (byte)~(1 << level);
        if (rotate)
        {
            _lowestPriority = (byte)level;
        }
    }

    private void WriteOcw3(byte value)
    {
        if ((value & 0x40) != 0)
        {
            _specialMask = (value & 0x20) != 0;
        }

        if ((value & Ocw3Poll) != 0)
        {
            _poll = true;
        }
        else if ((value & 0x02) != 0)
        {
            _readInService = (value & 0x01) != 0;
        }
    }

    private void Serve(int input)
    {
        byte bit = (byte)(1 << input);
        _request &= (byte)~(bit & ~LevelInputs);
        if ((_icw4 & Icw4AutoEoi) == 0)
        {
            _inService |= bit;
        }
        else if (_rotateOnAutoEoi)
        {
            _lowestPriority = (byte)input;
        }
    }

    /// <summary>The input that may interrupt now, -1 if none: requested, not masked, above everything in service.</summary>
    private readonly int Pending()
    {
        byte requests = (byte)(_request & ~_mask);
        if (requests == 0 || _expectedIcw != 0)
        {
            return -1;
        }

        int blocking = _inService;
        if (_specialMask)
        {
            // Section "Special mask mode": an input that is masked while in service blocks nobody.
            blocking &= ~_mask;
        }

        if ((_icw4 & Icw4SpecialFullyNested) != 0)
        {
            blocking &= ~CascadeInputs;
        }

        int request = Highest(requests);
        int service = Highest((byte)blocking);
        return service < 0 || Order(request) < Order(service) ? request : -1;
    }

    private readonly int Order(int input) => (input - _lowestPriority - 1) & 7;

    /// <summary>The set bit of highest priority, -1 if none.</summary>
    private readonly int Highest(byte inputs)
    {
        if (inputs == 0)
        {
            return -1;
        }

        int first = (_lowestPriority + 1) & 7;
        uint rotated = ((uint)inputs | ((uint)inputs << 8)) >> first;
        return (BitOperations.TrailingZeroCount(rotated) + first) & 7;
    }
}
