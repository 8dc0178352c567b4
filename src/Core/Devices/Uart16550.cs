using System;
using System.Runtime.CompilerServices;

namespace Ember.Core.Devices;

/// <summary>
/// A 16550A UART (National Semiconductor PC16550D data sheet) at COM1. Bytes leave at once into a ring that the owner drains;
/// bytes enter through the receive FIFO. Line speed is remembered and has no effect.
/// </summary>
public struct Uart16550
{
    /// <summary>First of the eight ports of COM1.</summary>
    public const ushort BasePort = 0x3F8;

    /// <summary>The ISA interrupt of COM1.</summary>
    public const int Interrupt = 4;

    /// <summary>PC16550D: both FIFOs hold 16 bytes.</summary>
    public const int FifoDepth = 16;

    /// <summary>Bytes kept of what the guest sends until they are taken.</summary>
    public const int RingSize = 256;

    // Register offsets, PC16550D section 8.0.
    private const int ReceiveBuffer = 0;
    private const int InterruptEnable = 1;
    private const int InterruptIdentification = 2;
    private const int LineControl = 3;
    private const int ModemControl = 4;
    private const int LineStatus = 5;
    private const int ModemStatus = 6;

    private const byte EnableReceived = 0x01;
    private const byte EnableTransmitterEmpty = 0x02;
    private const byte EnableLineStatus = 0x04;
    private const byte EnableModemStatus = 0x08;

    private const byte FifoEnable = 0x01;
    private const byte ResetReceiver = 0x02;
    private const byte DivisorLatchAccess = 0x80;

    private const byte DataTerminalReady = 0x01;
    private const byte RequestToSend = 0x02;
    private const byte Out1 = 0x04;
    private const byte Out2 = 0x08;
    private const byte Loop = 0x10;

    private const byte DataReady = 0x01;
    private const byte OverrunError = 0x02;
    private const byte TransmitterEmpty = 0x60;

    private const byte ClearToSend = 0x10;
    private const byte DataSetReady = 0x20;
    private const byte RingIndicator = 0x40;
    private const byte CarrierDetect = 0x80;

    [InlineArray(RingSize)]
    private struct Ring
    {
        private byte _first;
    }

    [InlineArray(FifoDepth)]
    private struct Fifo
    {
        private byte _first;
    }

    private Ring _output;
    private Fifo _input;

    // Free-running: the difference is the number of bytes, the low bits are the place.
    private uint _outputHead;
    private uint _outputTail;
    private byte _inputHead;
    private byte _inputTail;

    private byte _interruptEnable;
    private byte _fifoControl;
    private byte _lineControl;
    private byte _modemControl;
    private byte _modemStatus;
    private byte _scratch;
    private byte _divisorLow;
    private byte _divisorHigh;
    private bool _overrun;
    private bool _transmitterInterrupt;

    /// <summary>The state after master reset, with a terminal connected (CTS, DSR and DCD on).</summary>
    public void Initialize()
    {
        this = default;
        _modemStatus = ClearToSend | DataSetReady | CarrierDetect;
    }

    /// <summary>Level of the interrupt line. On a PC OUT2 connects the UART to it, and loopback holds OUT2 off.</summary>
    public readonly bool InterruptOutput
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _interruptEnable != 0 && (_modemControl & (Out2 | Loop)) == Out2 && Identify() != 1;
    }

    /// <summary>Whether <see cref="TryTakeOutput"/> would give a byte.</summary>
    public readonly bool HasOutput => _outputHead != _outputTail;

    private readonly bool FifosEnabled => (_fifoControl & FifoEnable) != 0;

    private readonly int InputCount => (byte)(_inputTail - _inputHead);

    private readonly int InputCapacity => FifosEnabled ? FifoDepth : 1;

    /// <summary>THRE promises a driver room for a whole FIFO, so it goes off while the ring has less than that.</summary>
    private readonly bool HasRoom => _outputTail - _outputHead <= RingSize - FifoDepth;

    /// <summary>Gives the oldest byte the guest sent; false if there is none.</summary>
    public bool TryTakeOutput(out byte value)
    {
        if (_outputHead == _outputTail)
        {
            value = 0;
            return false;
        }

        bool hadRoom = HasRoom;
        value = _output[(int)(_outputHead++ % RingSize)];
        if (!hadRoom && HasRoom)
        {
            _transmitterInterrupt = true;
        }

        return true;
    }

    /// <summary>Whether the receiver would take a byte from the line.</summary>
    public readonly bool CanReceive => (_modemControl & Loop) == 0 && InputCount < InputCapacity;

    /// <summary>Offers a byte from the line; false, and nothing changed, while the receiver is full or in loopback.</summary>
    public bool TryReceive(byte value)
    {
        if (!CanReceive)
        {
            return false;
        }

        _input[_inputTail++ % FifoDepth] = value;
        return true;
    }

    /// <summary>Offers bytes from the line; gives the number taken.</summary>
    public int Receive(ReadOnlySpan<byte> bytes)
    {
        int count = 0;
        while (count < bytes.Length && TryReceive(bytes[count]))
        {
            count++;
        }

        return count;
    }

    /// <summary>Reads a register.</summary>
    /// <param name="register">Offset from the base port; the low three bits count.</param>
    public byte Read(int register)
    {
        switch (register & 7)
        {
            case ReceiveBuffer:
                if ((_lineControl & DivisorLatchAccess) != 0)
                {
                    return _divisorLow;
                }

                return InputCount == 0 ? (byte)0 : _input[_inputHead++ % FifoDepth];

            case InterruptEnable:
                return (_lineControl & DivisorLatchAccess) != 0 ? _divisorHigh : _interruptEnable;

            case InterruptIdentification:
                byte source = Identify();
                if (source == 2)
                {
                    _transmitterInterrupt = false;
                }

                return (byte)(source | (FifosEnabled ? 0xC0 : 0));

            case LineControl:
                return _lineControl;

            case ModemControl:
                return _modemControl;

            case LineStatus:
                int status = (InputCount != 0 ? DataReady : 0) | (_overrun ? OverrunError : 0) | (HasRoom ? TransmitterEmpty : 0);
                _overrun = false;
                return (byte)status;

            case ModemStatus:
                byte modem = _modemStatus;
                _modemStatus &= 0xF0;
                return modem;

            default:
                return _scratch;
        }
    }

    /// <summary>Writes a register.</summary>
    /// <param name="register">Offset from the base port; the low three bits count.</param>
    /// <param name="value">Any byte.</param>
    public void Write(int register, byte value)
    {
        switch (register & 7)
        {
            case ReceiveBuffer:
                if ((_lineControl & DivisorLatchAccess) != 0)
                {
                    _divisorLow = value;
                }
                else
                {
                    Transmit(value);
                }

                break;

            case InterruptEnable:
                if ((_lineControl & DivisorLatchAccess) != 0)
                {
                    _divisorHigh = value;
                    break;
                }

                // Turning the interrupt on while the transmitter is empty raises it at once: drivers start sending that way.
                if ((value & ~_interruptEnable & EnableTransmitterEmpty) != 0 && HasRoom)
                {
                    _transmitterInterrupt = true;
                }

                _interruptEnable = (byte)(value & 0x0F);
                break;

            case InterruptIdentification:
                WriteFifoControl(value);
                break;

            case LineControl:
                _lineControl = value;
                break;

            case ModemControl:
                _modemControl = (byte)(value & 0x1F);
                UpdateModemInputs();
                break;

            case LineStatus:
            case ModemStatus:
                break;

            default:
                _scratch = value;
                break;
        }
    }

    private void WriteFifoControl(byte value)
    {
        // FIFO and non-FIFO mode share the buffer; PC16550D section 8.6.4: changing FCR0 clears it.
        if (((value ^ _fifoControl) & FifoEnable) != 0 || (value & (FifoEnable | ResetReceiver)) == (FifoEnable | ResetReceiver))
        {
            _inputHead = _inputTail;
        }

        _fifoControl = (value & FifoEnable) != 0 ? value : (byte)0;
    }

    private void Transmit(byte value)
    {
        if ((_modemControl & Loop) != 0)
        {
            if (InputCount < InputCapacity)
            {
                _input[_inputTail++ % FifoDepth] = value;
            }
            else
            {
                _overrun = true;
            }
        }
        else if (_outputTail - _outputHead < RingSize)
        {
            _output[(int)(_outputTail++ % RingSize)] = value;
        }

        _transmitterInterrupt = HasRoom;
    }

    /// <summary>In loopback the four outputs of MCR are the four inputs of MSR (PC16550D section 8.6.7).</summary>
    private void UpdateModemInputs()
    {
        int inputs = ClearToSend | DataSetReady | CarrierDetect;
        if ((_modemControl & Loop) != 0)
        {
            inputs = ((_modemControl & RequestToSend) != 0 ? ClearToSend : 0)
                | ((_modemControl & DataTerminalReady) != 0 ? DataSetReady : 0)
                | ((_modemControl & Out1) != 0 ? RingIndicator : 0)
                | ((_modemControl & Out2) != 0 ? CarrierDetect : 0);
        }

        int changed = (_modemStatus ^ inputs) & 0xF0;
        if ((inputs & RingIndicator) != 0)
        {
            // TERI reports the trailing edge only.
            changed &= ~RingIndicator;
        }

        _modemStatus = (byte)(inputs | (_modemStatus & 0x0F) | (changed >> 4));
    }

    /// <summary>
    /// Bits 3..0 of IIR: the pending interrupt of highest priority (PC16550D table III), 1 if none. Bytes below the trigger
    /// level report the character timeout at once, because a burst on this line takes no time.
    /// </summary>
    private readonly byte Identify()
    {
        if (_overrun && (_interruptEnable & EnableLineStatus) != 0)
        {
            return 0x06;
        }

        if (InputCount != 0 && (_interruptEnable & EnableReceived) != 0)
        {
            return InputCount >= TriggerLevel ? (byte)0x04 : (byte)0x0C;
        }

        if (_transmitterInterrupt && (_interruptEnable & EnableTransmitterEmpty) != 0)
        {
            return 0x02;
        }

        return (_modemStatus & 0x0F) != 0 && (_interruptEnable & EnableModemStatus) != 0 ? (byte)0x00 : (byte)0x01;
    }

    private readonly int TriggerLevel => (_fifoControl >> 6) switch
    {
        0 => 1,
        1 => 4,
        2 => 8,
        _ => 14,
    };
}
