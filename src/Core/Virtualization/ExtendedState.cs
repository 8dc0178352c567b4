using Ember.Platform.Auditing;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>
/// What a guest has in a processor and no control structure holds: x87, SSE and AVX state, XCR0, and the debug registers DR0 to DR3.
/// It stays in the processor from <see cref="Load"/> to <see cref="Unload"/>, but for XMM0 to XMM5, which are in
/// <see cref="GuestRegisters"/>.
/// </summary>
internal unsafe struct ExtendedState
{
    private const int ControlWordOffset = 0;
    private const int SseControlOffset = 24;
    private const ushort ResetControlWord = 0x37F;
    private const uint ResetSseControl = 0x1F80;

    private byte* _area;
    private fixed ulong _debug[4];

    /// <summary>The guest's XCR0.</summary>
    public ulong Control { get; private set; }

    /// <summary>Every state as it is after FNINIT and at reset.</summary>
    /// <param name="area">A zeroed page, kept for good: more than the header of XSAVE and the states that guests have.</param>
    public void Initialize(byte* area)
    {
        _area = area;
        *(ushort*)(area + ControlWordOffset) = ResetControlWord;
        *(uint*)(area + SseControlOffset) = ResetSseControl;
        Control = 1;
    }

    /// <summary>Forgets the breakpoints, as INIT does; the rest stays as it is.</summary>
    [LoopBound(4, "debug registers")]
    public void ClearDebugRegisters()
    {
        fixed (ulong* debug = _debug)
        {
            for (int i = 0; i < 4; i++)
            {
                debug[i] = 0;
            }

            Cpu.WriteDebugRegisters(debug);
        }
    }

    /// <summary>Gives the processor to this guest.</summary>
    public void Load(HostContext* host)
    {
        if (host->ExtendedStates == 0)
        {
            Cpu.RestoreFloatingPoint(_area);
        }
        else
        {
            Cpu.RestoreExtended(_area, host->ExtendedStates);
            if (Control != host->ExtendedStates)
            {
                Cpu.WriteXcr0(Control);
            }
        }

        fixed (ulong* debug = _debug)
        {
            Cpu.WriteDebugRegisters(debug);
        }
    }

    /// <summary>Takes this guest's state out of the processor.</summary>
    public void Unload(HostContext* host)
    {
        if (host->ExtendedStates == 0)
        {
            Cpu.SaveFloatingPoint(_area);
        }
        else
        {
            // Read, for in QEMU a guest's XSETBV takes effect without an exit.
            ulong live = Cpu.ReadXcr0();
            Control = live & host->ExtendedStates;
            if (live != host->ExtendedStates)
            {
                Cpu.WriteXcr0(host->ExtendedStates);
            }

            Cpu.SaveExtended(_area, host->ExtendedStates);
        }

        fixed (ulong* debug = _debug)
        {
            Cpu.ReadDebugRegisters(debug);
        }
    }

    /// <summary>XSETBV of the guest that is loaded.</summary>
    public void SetControl(ulong value)
    {
        Control = value;
        Cpu.WriteXcr0(value);
    }
}
