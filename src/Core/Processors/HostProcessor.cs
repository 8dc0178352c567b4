using Ember.Core.Console;
using Ember.Platform.Acpi;
using Ember.Platform.Interrupts;
using Ember.Platform.Memory;
using Ember.Platform.Processors;
using Ember.Platform.Time;

namespace Ember.Core.Processors;

/// <summary>A physical processor: its descriptor tables, stacks and alarm. It must not move.</summary>
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

    /// <summary>First, for their address is the processor's: see <see cref="HostProcessors.Current"/>.</summary>
    private DescriptorTables _tables;

    /// <summary>The stack everything runs on.</summary>
    public Stack Stack;

    /// <summary>The alarm, and the clock that all processors share.</summary>
    public HostTimer Timer;

    /// <summary>Its place among <see cref="HostProcessors"/>.</summary>
    public int Index;

    public uint ApicId;

    /// <summary>Up to where it has served <see cref="TranslationShootdown"/>.</summary>
    public int Generation;

    private ulong _efer;
    private ulong _cr0;
    private ulong _cr4;

    /// <summary>Bytes for all five stacks.</summary>
    public static ulong StacksBytes => StackBytes + (InterruptStackCount * InterruptStackBytes);

    /// <summary>Whether the processor knows 1 GiB pages (CPUID 8000_0001 EDX).</summary>
    public static bool HasHugePages => (Cpu.Cpuid(0x8000_0001).Edx & OneGibibytePages) != 0;

    /// <summary>The first address behind what this processor, and four levels of tables, can reach (CPUID 8000_0008 EAX).</summary>
    public static ulong AddressLimit
    {
        get
        {
            // Processors without the leaf have 36 bits.
            int bits = Cpu.Cpuid(0x8000_0000).Eax >= 0x8000_0008 ? (int)(Cpu.Cpuid(0x8000_0008).Eax & 0xFF) : 36;
            return bits < 47 ? 1UL << bits : PageTables.AddressLimit;
        }
    }

    /// <summary>Makes its stacks and descriptor tables; any processor may do it.</summary>
    /// <param name="space">The core's address space.</param>
    /// <param name="stacks"><see cref="StacksBytes"/> of memory.</param>
    /// <returns>False when the guards could not be unmapped.</returns>
    public bool TryPrepare(in PageTables space, ulong stacks)
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

        _tables.Fill(Cpu.InterruptEntries(), tops);
        return true;
    }

    /// <summary>Takes the processor over from the firmware: own page tables, own descriptor tables, every vector handled.</summary>
    /// <param name="space">The core's address space.</param>
    public void TakeOver(in PageTables space)
    {
        Cpu.DisableInterrupts();
        _efer = Cpu.ReadMsr(ModelSpecificRegister.Efer) | Efer.NoExecuteEnable;
        _cr0 = (Cpu.ReadCr0() | Cr0.WriteProtect) & ~(Cr0.TaskSwitched | Cr0.Emulation);
        _cr4 = (Cpu.ReadCr4() & ~Cr4.PageGlobalEnable)
            | Cr4.OsFxsr | Cr4.OsXmmExceptions | ((Cpu.Cpuid(1).Ecx & XsaveFeature) != 0 ? Cr4.OsXsave : 0);
        Load(in space);
    }

    /// <summary>Sets up a processor that has just started like the first one, local APIC and clock too.</summary>
    /// <param name="first">The first one, its clock running.</param>
    /// <param name="space">The core's address space.</param>
    public void Join(in HostProcessor first, in PageTables space)
    {
        _efer = first._efer;
        _cr0 = first._cr0;
        _cr4 = first._cr4;
        Load(in space);
        HostProcessors.Apic.Enable(InterruptVector.Timer, InterruptVector.Spurious);
        Timer = first.Timer;
        Timer.Disarm();
    }

    /// <summary>Silences the old interrupt controllers, sets up the APICs and measures the clocks.</summary>
    /// <param name="space">The core's address space, to map the I/O APIC into.</param>
    /// <param name="madt">What the firmware says of the interrupt controllers; nothing: then there is no I/O APIC, and serial input is
    /// only seen when something else wakes the processor.</param>
    /// <returns>False when no clock could be measured.</returns>
    public bool TryStartClocks(in PageTables space, in Madt madt)
    {
        Cpu.Out8(MasterPicMask, 0xFF);
        Cpu.Out8(SlavePicMask, 0xFF);
        LocalApic apic = HostProcessors.Apic;
        apic.Enable(InterruptVector.Timer, InterruptVector.Spurious);
        ApicId = apic.Id;
        if (madt.IoApicAddress != 0 && space.MapRegisters(madt.IoApicAddress))
        {
            var ioApic = new IoApic((byte*)madt.IoApicAddress);
            ioApic.MaskAll();
            if (madt.SerialInput < ioApic.InputCount && ApicId <= LocalApic.HighestShortId)
            {
                ioApic.Route(madt.SerialInput, InterruptVector.Serial, (byte)ApicId);
                SystemConsole.EnableReceiveInterrupt();
            }

            if (madt.KeyboardInput < ioApic.InputCount && ApicId <= LocalApic.HighestShortId)
            {
                ioApic.Route(madt.KeyboardInput, InterruptVector.Keyboard, (byte)ApicId);
            }
        }

        if (!TscCalibration.TryMeasure(in apic, out ulong tscHertz, out ulong apicTimerHertz))
        {
            return false;
        }

        Timer = new HostTimer(apic, (uint)((tscHertz + 500) / 1000), apicTimerHertz);
        return true;
    }

    private void Load(in PageTables space)
    {
        Cpu.WriteMsr(ModelSpecificRegister.Efer, _efer);
        Cpu.WriteCr0(_cr0);
        Cpu.WriteCr4(_cr4);
        Cpu.WriteMsr(ModelSpecificRegister.PageAttributeTable, PageTables.PageAttributeTable);
        Cpu.WriteCr3(space.Root);
        _tables.Load();
    }

    [System.Runtime.CompilerServices.InlineArray(InterruptStackCount)]
    private struct InterruptStackTops
    {
        private ulong _first;
    }
}
