using System.Runtime.InteropServices;

namespace Ember.Core.Machines.Acpi;

/// <summary>Fixed ACPI Description Table (ACPI 6.5, section 5.2.9), the fields this machine has something to say in.</summary>
[StructLayout(LayoutKind.Explicit, Size = 276)]
internal struct Fadt
{
    public const byte Revision = 6;

    [FieldOffset(36)]
    public uint FirmwareControl;

    [FieldOffset(40)]
    public uint Dsdt;

    [FieldOffset(45)]
    public byte PreferredProfile;

    [FieldOffset(46)]
    public ushort SciInterrupt;

    [FieldOffset(56)]
    public uint Pm1aEventBlock;

    [FieldOffset(64)]
    public uint Pm1aControlBlock;

    [FieldOffset(76)]
    public uint PmTimerBlock;

    [FieldOffset(88)]
    public byte Pm1EventLength;

    [FieldOffset(89)]
    public byte Pm1ControlLength;

    [FieldOffset(91)]
    public byte PmTimerLength;

    /// <summary>Above 100 there is no C2 state.</summary>
    [FieldOffset(96)]
    public ushort C2Latency;

    /// <summary>Above 1000 there is no C3 state.</summary>
    [FieldOffset(98)]
    public ushort C3Latency;

    /// <summary>The RTC's cell that holds the century.</summary>
    [FieldOffset(108)]
    public byte Century;

    [FieldOffset(109)]
    public byte BootArchitectureLow;

    [FieldOffset(112)]
    public uint Flags;

    [FieldOffset(116)]
    public GenericAddress ResetRegister;

    [FieldOffset(128)]
    public byte ResetValue;

    [FieldOffset(131)]
    public byte MinorVersion;

    [FieldOffset(148)]
    public GenericAddress ExtendedPm1aEventBlock;

    [FieldOffset(172)]
    public GenericAddress ExtendedPm1aControlBlock;

    [FieldOffset(208)]
    public GenericAddress ExtendedPmTimerBlock;
}
