#pragma warning disable CA1822 // members whose devices are still missing
using Ember.Core.Memory;

namespace Ember.Core.Devices;

/// <summary>
/// The devices of a virtual machine and the wires between them. Time comes in as nanoseconds since the VM started and never
/// runs backwards. Nothing here calls out: the owner asks for <see cref="NextEvent"/>, <see cref="InterruptPending"/>,
/// <see cref="TakeRequest"/> and the bytes of <see cref="Uart"/>.
/// </summary>
public struct Chipset
{
    /// <summary>The guest's RAM.</summary>
    public GuestMemory Memory;

    /// <summary>COM1.</summary>
    public Uart16550 Uart;

    /// <summary>The boot timer port.</summary>
    public BootTimer BootTimer;

    private Pic8259Pair _pic;
    private ChipsetRequest _request;

    /// <summary>Accesses to ports that no device has.</summary>
    public ulong UnknownPortAccesses { get; private set; }

    /// <summary>The machine at power-on.</summary>
    public void Initialize(in ChipsetConfiguration configuration)
    {
        this = default;
        Memory = configuration.Memory;
        Uart.Initialize();
        _pic.Initialize();
    }

    /// <summary>The earliest time at which <see cref="Advance"/> would change something; ulong.MaxValue for never.</summary>
    public readonly ulong NextEvent => ulong.MaxValue;

    /// <summary>Whether the processor is being asked to take an interrupt.</summary>
    public readonly bool InterruptPending => _pic.Output;

    /// <summary>The processor's task priority, 0 to 15: the view that CR8 gives.</summary>
    public byte TaskPriority { readonly get; set; }

    /// <summary>Runs everything that is due.</summary>
    public void Advance(ulong now)
    {
        _pic.SetLine(Uart16550.Interrupt, Uart.InterruptOutput);
    }

    /// <summary>Reads a port. Ports that no device has read all ones.</summary>
    /// <param name="port">Any port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    public uint ReadPort(ushort port, int size, ulong now)
    {
        if (size == 1)
        {
            return ReadByte(port);
        }

        uint value = 0;
        for (int i = 0; i < size; i++)
        {
            value |= (uint)ReadByte((ushort)(port + i)) << (8 * i);
        }

        return value;
    }

    /// <summary>Writes a port. Ports that no device has ignore it.</summary>
    /// <param name="port">Any port.</param>
    /// <param name="size">1, 2 or 4 bytes.</param>
    /// <param name="value">The low bytes count.</param>
    /// <param name="now">Nanoseconds since the VM started.</param>
    public void WritePort(ushort port, int size, uint value, ulong now)
    {
        for (int i = 0; i < size; i++)
        {
            WriteByte((ushort)(port + i), (byte)(value >> (8 * i)), now);
        }
    }

    /// <summary>Reads a device's memory window; false if the address is in none.</summary>
    public bool TryReadMemory(ulong address, int size, ulong now, out ulong value)
    {
        value = 0;
        return false;
    }

    /// <summary>Writes a device's memory window; false if the address is in none.</summary>
    public bool TryWriteMemory(ulong address, int size, ulong value, ulong now) => false;

    /// <summary>Reads a model-specific register of a device.</summary>
    public MsrStatus ReadMsr(uint index, ulong now, out ulong value)
    {
        value = 0;
        return MsrStatus.NotMine;
    }

    /// <summary>Writes a model-specific register of a device.</summary>
    public MsrStatus WriteMsr(uint index, ulong value, ulong now) => MsrStatus.NotMine;

    /// <summary>The vector that <see cref="AcknowledgeInterrupt"/> would give, -1 if no interrupt is pending.</summary>
    public readonly int PeekInterrupt() => _pic.Output ? _pic.PeekVector : -1;

    /// <summary>The processor takes the interrupt: gives its vector.</summary>
    public byte AcknowledgeInterrupt() => _pic.Acknowledge();

    /// <summary>Gives what the guest asked for last and forgets it.</summary>
    public ChipsetRequest TakeRequest()
    {
        ChipsetRequest request = _request;
        _request = ChipsetRequest.None;
        return request;
    }

    private byte ReadByte(ushort port)
    {
        switch (port)
        {
            case >= 0x3F8 and <= 0x3FF:
                byte value = Uart.Read(port);
                _pic.SetLine(Uart16550.Interrupt, Uart.InterruptOutput);
                return value;

            case 0x20 or 0x21 or 0xA0 or 0xA1 or 0x4D0 or 0x4D1:
                return _pic.Read(port);

            default:
                UnknownPortAccesses++;
                return 0xFF;
        }
    }

    private void WriteByte(ushort port, byte value, ulong now)
    {
        switch (port)
        {
            case >= 0x3F8 and <= 0x3FF:
                Uart.Write(port, value);
                _pic.SetLine(Uart16550.Interrupt, Uart.InterruptOutput);
                break;

            case 0x20 or 0x21 or 0xA0 or 0xA1 or 0x4D0 or 0x4D1:
                _pic.Write(port, value);
                break;

            case BootTimer.Port:
                BootTimer.Write(value, now);
                break;

            default:
                UnknownPortAccesses++;
                break;
        }
    }
}
