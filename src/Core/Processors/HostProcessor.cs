using Ember.Core.Console;
using Ember.Platform.Acpi;
using Ember.Platform.Interrupts;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Time;

namespace Ember.Core.Processors;

/// <summary>The physical processor: its descriptor tables, stacks, local APIC and alarm.</summary>
internal unsafe struct HostProcessor
{
    /// <summary>Bytes of the stack everything runs on, guard included.</summary>
    public const ulong StackBytes = 68 << 10;

    /// <summary>Bytes of each of the four stacks exceptions switch to, guard included.</summary>
    public const ulong InterruptStackBytes = 20 << 10;

    private const int InterruptStackCount = 4;
    private const ushort MasterPicMask = 0x21;
    private const ushort SlavePicMask = 0xA1;
    private const uint OneGibibytePages = 1 << 26;
    private const uint XsaveFeature = 1 << 26;

    /// <summary>The stack everything runs on.</summary>
    public Stack Stack;

    /// <summary>The alarm.</summary>
    public HostTimer Timer;

    private DescriptorTables _tables;

    /// <summary>Bytes for all five stacks.</summary>
    public static ulong StacksBytes => StackBytes + (InterruptStackCount * InterruptStackBytes);

    /// <summary>Whether the processor knows 1 GiB pages (CPUID 8000_0001 EDX).</summary>
    public static bool HasHugePages => (Cpu.Cpuid(0x8000_0001).Edx & OneGibibytePages) != 0;

    /// <summary>Takes the processor over from the firmware: own page tables, own descriptor tables, every vector handled.</summary>
    /// <param name="space">The core's address space.</param>
    /// <param name="stacks"><see cref="StacksBytes"/> of memory.</param>
    /// <returns>False when the guards could not be unmapped.</returns>
    public bool TryTakeOver(in PageTables space, ulong stacks)
    {
        if (!Stack.TryCreate(in space, stacks, StackBytes, out Stack))
        {
            return false;
        }

        InterruptStackTops tops = default;
        for (int i = 0; i < InterruptStackCount; i++)
        {
            ulong at = stacks + StackBytes + ((ulong)i * InterruptStackBytes);
            if (!Stack.TryCreate(in space, at, InterruptStackBytes, out Stack stack))
            {
                return false;
            }

            tops[i] = stack.High;
        }

        Cpu.DisableInterrupts();
        Cpu.WriteMsr(ModelSpecificRegister.Efer, Cpu.ReadMsr(ModelSpecificRegister.Efer) | Efer.NoExecuteEnable);
        Cpu.WriteCr0((Cpu.ReadCr0() | Cr0.WriteProtect) & ~(Cr0.TaskSwitched | Cr0.Emulation));
        ulong cr4 = Cpu.ReadCr4() & ~Cr4.PageGlobalEnable;
        Cpu.WriteCr4(cr4 | Cr4.OsFxsr | Cr4.OsXmmExceptions | ((Cpu.Cpuid(1).Ecx & XsaveFeature) != 0 ? Cr4.OsXsave : 0));
        Cpu.WriteMsr(ModelSpecificRegister.PageAttributeTable, PageTables.PageAttributeTable);
        _tables.Fill(Cpu.InterruptEntries(), tops);
        Cpu.WriteCr3(space.Root);
        _tables.Load();
        return true;
    }

    /// <summary>Silences the old interrupt controllers, sets up the APICs and measures the clocks.</summary>
    /// <param name="space">The core's address space, to map the I/O APIC into.</param>
    /// <param name="acpiRoot">The firmware's RSDP, or null: then there is no I/O APIC and serial input is only seen when something
    /// else wakes the processor.</param>
    /// <returns>False when no clock could be measured.</returns>
    public bool TryStartClocks(in PageTables space, byte* acpiRoot)
    {
        Cpu.Out8(MasterPicMask, 0xFF);
        Cpu.Out8(SlavePicMask, 0xFF);
        var apic = new LocalApic((byte*)LocalApic.DefaultAddress);
        apic.Enable(InterruptVector.Timer, InterruptVector.Spurious);
        if (AcpiTables.TryOpen(acpiRoot, out AcpiTables acpi) && acpi.Find("APIC"u8) is var table && table != null)
        {
            Madt madt = Madt.Read(table);
            if (madt.IoApicAddress != 0 && space.MapRegisters(madt.IoApicAddress))
            {
                var ioApic = new IoApic((byte*)madt.IoApicAddress);
                ioApic.MaskAll();
                if (madt.SerialInput < ioApic.InputCount)
                {
                    ioApic.Route(madt.SerialInput, InterruptVector.Serial, apic.Id);
                    SystemConsole.EnableReceiveInterrupt();
                }

                if (madt.KeyboardInput < ioApic.InputCount)
                {
                    ioApic.Route(madt.KeyboardInput, InterruptVector.Keyboard, apic.Id);
                }
            }
        }

        if (!TscCalibration.TryMeasure(in apic, out ulong tscHertz, out ulong apicTimerHertz))
        {
            return false;
        }

        Timer = new HostTimer(apic, (uint)((tscHertz + 500) / 1000), apicTimerHertz);
        return true;
    }

    [System.Runtime.CompilerServices.InlineArray(InterruptStackCount)]
    private struct InterruptStackTops
    {
        private ulong _first;
    }
}
