using System;
using System.Collections.Generic;
using System.Text;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Hosting;

/// <summary>A machine under hosted code: a clock that moves only when told, a serial port that remembers, answers given by the test.</summary>
internal sealed unsafe class FakeHardware : IHardware
{
    private const ushort Com1 = 0x3F8;
    private const ushort LineControl = 0x3FB;
    private const ushort LineStatus = 0x3FD;
    private const ushort Scratch = 0x3FF;

    /// <summary>Where PKRU ends in the standard format of XSAVE.</summary>
    private const int VectorBytes = 2696;
    private const ushort KeyboardData = 0x60;
    private const ushort KeyboardStatus = 0x64;
    private readonly StringBuilder _serial = new();
    private byte _scratch;
    private bool _divisorLatch;

    public FakeHardware() => Cpu.Hardware = this;

    public ulong TimeStampCounter { get; set; } = 1_000_000;

    /// <summary>Everything written to COM1.</summary>
    public string Serial => _serial.ToString();

    /// <summary>Bytes that arrive on COM1.</summary>
    public Queue<byte> Input { get; } = new();

    /// <summary>Bytes that wait in the keyboard's controller.</summary>
    public Queue<byte> KeyCodes { get; } = new();

    public Dictionary<(uint Leaf, uint Subleaf), CpuidResult> CpuidLeaves { get; } = [];

    public Dictionary<uint, ulong> Msrs { get; } = [];

    /// <summary>What XSETBV wrote last.</summary>
    public ulong Xcr0 { get; set; }

    /// <summary>Runs when the code sleeps.</summary>
    public Action? Sleeping { get; set; }

    /// <summary>Times the code let interrupts in.</summary>
    public int InterruptsTaken { get; private set; }

    public uint ReadPort(ushort port, int size) => port switch
    {
        LineStatus => 0x60u | (Input.Count != 0 ? 1u : 0),
        Com1 => Input.Dequeue(),
        Scratch => _scratch,
        KeyboardStatus => 0x08u | (KeyCodes.Count != 0 ? 1u : 0),
        KeyboardData => KeyCodes.Dequeue(),
        _ => throw new InvalidOperationException($"port 0x{port:X} was read"),
    };

    public void WritePort(ushort port, int size, uint value)
    {
        if (port == LineControl)
        {
            _divisorLatch = (value & 0x80) != 0;
        }
        else if (port == Com1 && !_divisorLatch)
        {
            _serial.Append((char)value);
        }
        else if (port == Scratch)
        {
            _scratch = (byte)value;
        }
        else if (port is < Com1 or > Scratch)
        {
            throw new InvalidOperationException($"port 0x{port:X} was written");
        }
    }

    public CpuidResult Cpuid(uint leaf, uint subleaf) => CpuidLeaves.GetValueOrDefault((leaf, subleaf));

    public ulong ReadMsr(uint index) => Msrs[index];

    public void WriteMsr(uint index, ulong value) => Msrs[index] = value;

    public ulong ReadXcr0() => Xcr0;

    public void WriteXcr0(ulong value) => Xcr0 = value;

    public void WaitForInterrupt() => (Sleeping ?? throw new InvalidOperationException("slept for ever"))();

    public void TakeInterrupts() => InterruptsTaken++;

    public ulong ReadControlRegister(int number) =>
        ControlRegisters.TryGetValue(number, out ulong value) ? value : throw Unexpected();

    public void WriteControlRegister(int number, ulong value) =>
        ControlRegisters[number] = ControlRegisters.ContainsKey(number) ? value : throw Unexpected();

    public void DisableInterrupts() => throw Unexpected();

    public void LoadDescriptorTable(in DescriptorTablePointer table) => throw Unexpected();

    public void LoadTaskRegister(ushort selector) => throw Unexpected();

    public void SvmRun(void* guestRegisters, ulong guestVmcb, ulong hostVmcb, uint measures)
    {
        Measures = measures;
        RestoredHost = hostVmcb;
        (Running ?? throw Unexpected())((nint)guestRegisters, guestVmcb);
    }

    public void SvmSaveHost(ulong hostVmcb) => SavedHost = hostVmcb;

    /// <summary>Is the guest: changes the VMCB as a processor would by the next exit.</summary>
    public Action<nint, ulong>? Running { get; set; }

    /// <summary>Where the host's state was saved.</summary>
    public ulong SavedHost { get; private set; }

    /// <summary>Which host state the last exit restored.</summary>
    public ulong RestoredHost { get; private set; }

    /// <summary>What the last entry was told to do against speculation.</summary>
    public uint Measures { get; private set; }

    /// <summary>Control registers, where a test gives them.</summary>
    public Dictionary<int, ulong> ControlRegisters { get; } = [];

    /// <summary>The current VMX control structure.</summary>
    public Dictionary<ulong, ulong> VmcsFields { get; } = [];

    /// <summary>What was done to VMX but reading and writing fields, in order.</summary>
    public List<string> VmxSteps { get; } = [];

    /// <summary>Is the guest on VMX: changes the fields as a processor would by the next exit; returns 1 to refuse the entry.</summary>
    public Func<nint, uint>? Entering { get; set; }

    /// <summary>What was written to DR6 last.</summary>
    public ulong Dr6 { get; set; }

    public DescriptorTablePointer GlobalDescriptors { get; set; }

    public DescriptorTablePointer InterruptDescriptors { get; set; }

    /// <summary>DR0 to DR3.</summary>
    public ulong[] Breakpoints { get; } = new ulong[4];

    /// <summary>The x87, SSE and AVX registers and PKRU, as XSAVE and FXSAVE store them.</summary>
    public byte[] Vectors { get; } = new byte[VectorBytes];

    public ulong ReadDr6() => Dr6;

    public void WriteDr6(ulong value) => Dr6 = value;

    public void ReadDebugRegisters(ulong* breakpoints) => Breakpoints.CopyTo(new Span<ulong>(breakpoints, 4));

    public void WriteDebugRegisters(ulong* breakpoints) => new Span<ulong>(breakpoints, 4).CopyTo(Breakpoints);

    public void SaveExtended(byte* area, ulong states) => Vectors.AsSpan(0, SizeOf(area, states)).CopyTo(new Span<byte>(area, VectorBytes));

    public void RestoreExtended(byte* area, ulong states) => new Span<byte>(area, SizeOf(area, states)).CopyTo(Vectors);

    public void TakeNonMaskableInterrupt() => VmxSteps.Add("nmi");

    public void VmxOn(ulong region) => VmxSteps.Add($"vmxon {region:x}");

    public void VmxClear(ulong region) => VmxSteps.Add($"vmclear {region:x}");

    public void VmxLoad(ulong region) => VmxSteps.Add($"vmptrld {region:x}");

    public ulong VmxRead(ulong field) => VmcsFields.GetValueOrDefault(field);

    public void VmxWrite(ulong field, ulong value) => VmcsFields[field] = value;

    public uint VmxEnter(void* guestRegisters, bool first, uint measures)
    {
        Measures = measures;
        VmxSteps.Add(first ? "vmlaunch" : "vmresume");
        return (Entering ?? throw Unexpected())((nint)guestRegisters);
    }

    public void VmxInvalidate(bool linear) => VmxSteps.Add(linear ? "invvpid" : "invept");

    /// <summary>XSAVE and XRSTOR of a state that XCR0 does not allow leave it alone; that would be a mistake here.</summary>
    private int SizeOf(byte* area, ulong states)
    {
        Assert.Equal(0u, (uint)area % 64);
        Assert.Equal(states, states & Xcr0);
        return states == 0 ? 512 : VectorBytes;
    }

    private static InvalidOperationException Unexpected() => new("the test did not expect this instruction");
}
