namespace Ember.Core.Devices;

/// <summary>The two 8259A of a PC: the slave's INT drives input 2 of the master.</summary>
public struct Pic8259Pair
{
    private const int CascadeInput = 2;

    private Pic8259 _master;
    private Pic8259 _slave;

    /// <summary>The state after power-on: every input masked until the guest initialises the chips.</summary>
    public void Initialize()
    {
        this = default;
        _master.EdgeLevelMask = 0xF8;
        _master.CascadeInputs = 1 << CascadeInput;
        _slave.EdgeLevelMask = 0xDE;
        _master.Write(1, 0xFF);
        _slave.Write(1, 0xFF);
    }

    /// <summary>Level of the master's INT.</summary>
    public readonly bool Output => _master.Output;

    /// <summary>Drives an ISA interrupt, 0 to 15 without 2.</summary>
    public void SetLine(int interrupt, bool asserted)
    {
        if (interrupt < 8)
        {
            _master.SetLine(interrupt, asserted);
        }
        else
        {
            _slave.SetLine(interrupt - 8, asserted);
            UpdateCascade();
        }
    }

    /// <summary>The vector that <see cref="Acknowledge"/> would give.</summary>
    public readonly byte PeekVector =>
        _master.Output && (_master.PeekVector & 7) == CascadeInput ? _slave.PeekVector : _master.PeekVector;

    /// <summary>The interrupt acknowledge cycle: gives the vector.</summary>
    public byte Acknowledge()
    {
        int input = _master.Acknowledge();
        if (input != CascadeInput)
        {
            return _master.VectorOf(input);
        }

        byte vector = _slave.VectorOf(_slave.Acknowledge());
        RepeatCascade();
        return vector;
    }

    /// <summary>Reads port 0x20, 0x21, 0xA0, 0xA1, 0x4D0 or 0x4D1.</summary>
    public byte Read(ushort port)
    {
        switch (port)
        {
            case 0x4D0:
                return _master.EdgeLevel;

            case 0x4D1:
                return _slave.EdgeLevel;

            case 0xA0 or 0xA1:
                // A poll acknowledges.
                byte value = _slave.Read(port & 1);
                RepeatCascade();
                return value;

            default:
                return _master.Read(port & 1);
        }
    }

    /// <summary>Writes port 0x20, 0x21, 0xA0, 0xA1, 0x4D0 or 0x4D1.</summary>
    public void Write(ushort port, byte value)
    {
        switch (port)
        {
            case 0x4D0:
                _master.EdgeLevel = value;
                break;

            case 0x4D1:
                _slave.EdgeLevel = value;
                break;

            case 0xA0 or 0xA1:
                _slave.Write(port & 1, value);
                break;

            default:
                _master.Write(port & 1, value);
                break;
        }

        UpdateCascade();
    }

    /// <summary>An acknowledge drops INT; what is still pending raises it again, and the master needs that edge.</summary>
    private void RepeatCascade()
    {
        _master.SetLine(CascadeInput, false);
        UpdateCascade();
    }

    private void UpdateCascade() => _master.SetLine(CascadeInput, _slave.Output);
}
