using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Console;

/// <summary>
/// A PC's keyboard behind its 8042 controller (IBM PS/2 Hardware Interface Technical Reference, keyboard and auxiliary device
/// controller). A USB keyboard is seen only where the firmware goes on emulating a PS/2 one.
/// </summary>
internal struct Keyboard
{
    private const ushort Data = 0x60;
    private const ushort Status = 0x64;
    private const byte OutputFull = 0x01;
    private const byte InputFull = 0x02;
    private const byte FromMouse = 0x20;
    private const byte NoController = 0xFF;

    private const byte ReadConfiguration = 0x20;
    private const byte WriteConfiguration = 0x60;
    private const byte DisableMouse = 0xA7;
    private const byte EnableKeyboard = 0xAE;

    // Bits of the configuration: the keyboard interrupts, the mouse's clock is off, scan codes come as the first PCs had them.
    private const byte KeyboardInterrupt = 0x01;
    private const byte MouseInterrupt = 0x02;
    private const byte KeyboardOff = 0x10;
    private const byte MouseOff = 0x20;
    private const byte Translation = 0x40;

    private const byte SelectScanCodes = 0xF0;
    private const byte ScanCodeSet2 = 2;
    private const byte EnableScanning = 0xF4;

    /// <summary>A look takes a microsecond on a real board; the slowest keyboard answers within 20 ms.</summary>
    private const uint MostPolls = 50_000;

    private const int MostStaleBytes = 32;

    private bool _present;
    private ScanCodes _codes;
    private uint _waiting;

    /// <summary>Sets controller and keyboard up; without one, nothing is ever typed.</summary>
    public void Initialize()
    {
        this = default;
        if (Cpu.In8(Status) == NoController || !TryCommand(DisableMouse))
        {
            return;
        }

        for (int i = 0; i < MostStaleBytes && (Cpu.In8(Status) & OutputFull) != 0; i++)
        {
            Cpu.In8(Data);
        }

        if (!TryCommand(ReadConfiguration) || !TryWait(OutputFull, OutputFull))
        {
            return;
        }

        uint configuration = Cpu.In8(Data) & ~(uint)(MouseInterrupt | KeyboardOff);
        _present = TryCommand(WriteConfiguration)
            && TryWrite((byte)(configuration | KeyboardInterrupt | MouseOff | Translation))
            && TryCommand(EnableKeyboard);

        // A keyboard that does not answer may be plugged in later, and come up as these would set it.
        _ = _present && TryTell(SelectScanCodes) && TryTell(ScanCodeSet2) && TryTell(EnableScanning);
    }

    /// <summary>Takes a byte that was typed, as a terminal would send it.</summary>
    [LoopBound(MostStaleBytes, "bytes from the keyboard that type nothing")]
    public bool TryRead(out byte value)
    {
        for (int i = 0; i < MostStaleBytes && _waiting == 0 && _present; i++)
        {
            byte status = Cpu.In8(Status);
            if ((status & OutputFull) == 0 || status == NoController)
            {
                break;
            }

            byte code = Cpu.In8(Data);
            if ((status & FromMouse) == 0)
            {
                _waiting = _codes.Take(code);
            }
        }

        value = (byte)_waiting;
        _waiting >>= 8;
        return value != 0;
    }

    private static bool TryCommand(byte command)
    {
        if (!TryWait(InputFull, 0))
        {
            return false;
        }

        Cpu.Out8(Status, command);
        return true;
    }

    private static bool TryWrite(byte value)
    {
        if (!TryWait(InputFull, 0))
        {
            return false;
        }

        Cpu.Out8(Data, value);
        return true;
    }

    /// <summary>Sends a byte to the keyboard itself and takes its answer, whatever it is.</summary>
    private static bool TryTell(byte value)
    {
        if (!TryWrite(value) || !TryWait(OutputFull, OutputFull))
        {
            return false;
        }

        Cpu.In8(Data);
        return true;
    }

    /// <summary>Waits until a bit of the status is as it should be.</summary>
    private static bool TryWait(byte mask, byte expected)
    {
        uint polls = 0;
        while (polls < MostPolls && (Cpu.In8(Status) & mask) != expected)
        {
            polls++;
        }

        return polls < MostPolls;
    }
}
