using System;
using Ember.Core.Devices;
using Ember.Core.Memory;

namespace Ember.Core.Machines.Acpi;

/// <summary>
/// The ACPI 6 tables that tell a guest what machine it is in: RSDP, XSDT, FADT, FACS, MADT and DSDT (ACPI 6.5, section 5.2).
/// They lie where a PC's firmware has them, so that guests which search for the RSDP find it too.
/// </summary>
public static unsafe class GuestAcpiTables
{
    /// <summary>Guest-physical address of the RSDP and of the region all tables are in.</summary>
    public const ulong Address = 0xE_0000;

    /// <summary>Bytes of the region.</summary>
    public const ulong Size = 0x1_0000;

    /// <summary>Local APIC identifiers above 254 need other MADT entries.</summary>
    public const int MaximumProcessors = 255;

    private const int FacsOffset = 64;
    private const int FacsBytes = 64;

    private const byte EnterpriseServer = 4;

    // IAPC_BOOT_ARCH, table 5.11. No 8042, although its reset command works.
    private const byte LegacyDevices = 1 << 0;
    private const byte VgaNotPresent = 1 << 2;

    // FADT fixed feature flags, table 5.10.
    private const uint Wbinvd = 1 << 0;
    private const uint ProcessorC1 = 1 << 2;
    private const uint NoFixedSleepButton = 1 << 5;
    private const uint NoFixedRtcWake = 1 << 6;
    private const uint TimerIs32Bits = 1 << 8;
    private const uint ResetRegisterSupported = 1 << 10;
    private const uint Headless = 1 << 12;

    // MADT, section 5.2.12.
    private const uint HasLegacyPics = 1;
    private const ushort LevelActiveHigh = 0b11_01;
    private const int TimerPin = 2;

    private const ushort PnpSerialPort = 0x0501;
    private const ushort PnpRealTimeClock = 0x0B00;

    /// <summary>Writes the tables into guest memory that is zero.</summary>
    /// <param name="memory">The guest's RAM; it must reach to 1 MiB.</param>
    /// <param name="processors">1 to <see cref="MaximumProcessors"/>; their local APICs are numbered from 0.</param>
    /// <returns>False, and nothing written, if the memory or the number does not fit.</returns>
    public static bool TryWrite(in GuestMemory memory, int processors)
    {
        if (processors is < 1 or > MaximumProcessors || !memory.TryGetPointer(Address, Size, out byte* region))
        {
            return false;
        }

        TableWriter writer = new(new Span<byte>(region, (int)Size));
        WriteFacs(ref writer);
        uint dsdt = WriteDsdt(ref writer);
        uint fadt = WriteFadt(ref writer, dsdt);
        uint madt = WriteMadt(ref writer, processors);
        int xsdt = Begin(ref writer);
        writer.Append((ulong)fadt);
        writer.Append((ulong)madt);
        writer.Finish(xsdt, "XSDT"u8, 1);
        WriteRsdp(ref writer, (uint)Address + (uint)xsdt);
        return true;
    }

    /// <summary>Starts a table on its boundary and leaves room for its header.</summary>
    private static int Begin(ref TableWriter writer)
    {
        writer.Align(16);
        int start = writer.Position;
        writer.Position += TableWriter.HeaderBytes;
        return start;
    }

    /// <summary>Section 5.2.5.3.</summary>
    private static void WriteRsdp(ref TableWriter writer, ulong xsdt)
    {
        const byte Revision = 2;
        const int Bytes = 36;
        writer.Position = 0;
        writer.Append("RSD PTR \0EMBER "u8);
        writer.Append(Revision);
        writer.Append(0U);
        writer.Append(Bytes);
        writer.Append(xsdt);
        writer.SetChecksum(0, 20, 8);
        writer.SetChecksum(0, Bytes, 32);
    }

    /// <summary>Section 5.2.10. It has no checksum: the guest writes to it.</summary>
    private static void WriteFacs(ref TableWriter writer)
    {
        const int VersionOffset = 32;
        const byte Version = 2;
        writer.Position = FacsOffset;
        writer.Append("FACS"u8);
        writer.Append(FacsBytes);
        writer.Patch(FacsOffset + VersionOffset, Version);
        writer.Position = FacsOffset + FacsBytes;
    }

    private static uint WriteFadt(ref TableWriter writer, uint dsdt)
    {
        Fadt fadt = default;
        fadt.FirmwareControl = (uint)Address + FacsOffset;
        fadt.Dsdt = dsdt;
        fadt.PreferredProfile = EnterpriseServer;
        fadt.SciInterrupt = AcpiPower.Interrupt;
        fadt.Pm1aEventBlock = AcpiPower.EventPort;
        fadt.Pm1aControlBlock = AcpiPower.ControlPort;
        fadt.PmTimerBlock = AcpiPower.TimerPort;
        fadt.Pm1EventLength = 4;
        fadt.Pm1ControlLength = 2;
        fadt.PmTimerLength = 4;
        fadt.C2Latency = 0xFFF;
        fadt.C3Latency = 0xFFF;
        fadt.Century = Rtc146818.Century;
        fadt.BootArchitectureLow = LegacyDevices | VgaNotPresent;
        fadt.Flags = Wbinvd | ProcessorC1 | NoFixedSleepButton | NoFixedRtcWake | TimerIs32Bits | ResetRegisterSupported | Headless;
        fadt.ResetRegister = new GenericAddress(AcpiPower.ResetPort, 8, 1);
        fadt.ResetValue = AcpiPower.ResetValue;
        fadt.MinorVersion = 5;
        fadt.ExtendedPm1aEventBlock = new GenericAddress(AcpiPower.EventPort, 32, 2);
        fadt.ExtendedPm1aControlBlock = new GenericAddress(AcpiPower.ControlPort, 16, 2);
        fadt.ExtendedPmTimerBlock = new GenericAddress(AcpiPower.TimerPort, 32, 3);
        writer.Align(16);
        int start = writer.Position;
        writer.Append(fadt);
        writer.Finish(start, "FACP"u8, Fadt.Revision);
        return (uint)Address + (uint)start;
    }

    private static uint WriteMadt(ref TableWriter writer, int processors)
    {
        const byte Revision = 5;
        int start = Begin(ref writer);
        writer.Append((uint)LocalApic.Base);
        writer.Append(HasLegacyPics);
        for (int i = 0; i < processors; i++)
        {
            // Processor Local APIC: type, length, UID, APIC identifier, enabled.
            writer.Append((ushort)0x0800);
            writer.Append((byte)i);
            writer.Append((byte)i);
            writer.Append(1U);
        }

        // I/O APIC: type, length, identifier, reserved, address, first interrupt.
        writer.Append((ushort)0x0C01);
        writer.Append((ushort)0);
        writer.Append((uint)IoApic.Base);
        writer.Append(0U);
        AppendOverride(ref writer, 0, TimerPin, 0);
        AppendOverride(ref writer, AcpiPower.Interrupt, AcpiPower.Interrupt, LevelActiveHigh);
        // Local APIC NMI: type, length, all processors, flags as the bus has it, LINT1.
        writer.Append((ushort)0x0604);
        writer.Append((byte)0xFF);
        writer.Append((ushort)0);
        writer.Append((byte)1);
        writer.Finish(start, "APIC"u8, Revision);
        return (uint)Address + (uint)start;
    }

    /// <summary>Interrupt Source Override: type, length, bus ISA, source, interrupt, flags (section 5.2.12.5).</summary>
    private static void AppendOverride(ref TableWriter writer, byte source, uint interrupt, ushort flags)
    {
        writer.Append((ushort)0x0A02);
        writer.Append((byte)0);
        writer.Append(source);
        writer.Append(interrupt);
        writer.Append(flags);
    }

    private static uint WriteDsdt(ref TableWriter writer)
    {
        const byte Revision = 2;
        int start = Begin(ref writer);
        AmlWriter.AppendPackage(ref writer, "_S5_"u8, [AcpiPower.SoftOff, 0, 0, 0]);
        int scope = AmlWriter.OpenScope(ref writer, "\\_SB_"u8);
        int device = AmlWriter.OpenDevice(ref writer, "COM1"u8);
        AmlWriter.AppendHardwareId(ref writer, PnpSerialPort);
        AmlWriter.AppendIsaResources(ref writer, Uart16550.BasePort, 8, Uart16550.Interrupt);
        AmlWriter.Close(ref writer, device);
        device = AmlWriter.OpenDevice(ref writer, "RTC_"u8);
        AmlWriter.AppendHardwareId(ref writer, PnpRealTimeClock);
        AmlWriter.AppendIsaResources(ref writer, Rtc146818.IndexPort, 2, Rtc146818.Interrupt);
        AmlWriter.Close(ref writer, device);
        AmlWriter.Close(ref writer, scope);
        writer.Finish(start, "DSDT"u8, Revision);
        return (uint)Address + (uint)start;
    }
}
