using System.Runtime;
using System.Runtime.CompilerServices;

namespace Ember.Platform.Processors;

/// <summary>The instructions C# cannot express, one method each; the bodies are in tools/Ember.Stubs.</summary>
public static unsafe class Cpu
{
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberIn8")]
    public static extern byte In8(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberIn16")]
    public static extern ushort In16(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberIn32")]
    public static extern uint In32(ushort port);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberOut8")]
    public static extern void Out8(ushort port, byte value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberOut16")]
    public static extern void Out16(ushort port, ushort value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberOut32")]
    public static extern void Out32(ushort port, uint value);

    public static CpuidResult Cpuid(uint leaf, uint subleaf = 0)
    {
        CpuidResult result;
        Cpuid(leaf, subleaf, &result);
        return result;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadMsr")]
    public static extern ulong ReadMsr(uint index);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteMsr")]
    public static extern void WriteMsr(uint index, ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadTimeStampCounter")]
    public static extern ulong ReadTimeStampCounter();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadCr0")]
    public static extern ulong ReadCr0();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadCr2")]
    public static extern ulong ReadCr2();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadCr3")]
    public static extern ulong ReadCr3();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadCr4")]
    public static extern ulong ReadCr4();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteCr0")]
    public static extern void WriteCr0(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteCr2")]
    public static extern void WriteCr2(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteCr3")]
    public static extern void WriteCr3(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteCr4")]
    public static extern void WriteCr4(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadXcr0")]
    public static extern ulong ReadXcr0();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteXcr0")]
    public static extern void WriteXcr0(ulong value);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadDr6")]
    public static extern ulong ReadDr6();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteDr6")]
    public static extern void WriteDr6(ulong value);

    /// <summary>Reads DR0 to DR3.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberReadDebugRegisters")]
    public static extern void ReadDebugRegisters(ulong* breakpoints);

    /// <summary>Writes DR0 to DR3.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWriteDebugRegisters")]
    public static extern void WriteDebugRegisters(ulong* breakpoints);

    /// <summary>XSAVE of states that XCR0 allows, 64-byte aligned.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSaveExtended")]
    public static extern void SaveExtended(byte* area, ulong states);

    /// <summary>XRSTOR.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberRestoreExtended")]
    public static extern void RestoreExtended(byte* area, ulong states);

    /// <summary>FXSAVE of 512 bytes, 16-byte aligned.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSaveFloatingPoint")]
    public static extern void SaveFloatingPoint(byte* area);

    /// <summary>FXRSTOR.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberRestoreFloatingPoint")]
    public static extern void RestoreFloatingPoint(byte* area);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberStoreGdt")]
    public static extern void StoreGdt(out DescriptorTablePointer table);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberStoreIdt")]
    public static extern void StoreIdt(out DescriptorTablePointer table);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberLoadGdt")]
    public static extern void LoadGdt(in DescriptorTablePointer table, ushort code, ushort data);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberLoadIdt")]
    public static extern void LoadIdt(in DescriptorTablePointer table);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberLoadTaskRegister")]
    public static extern void LoadTaskRegister(ushort selector);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberDisableInterrupts")]
    public static extern void DisableInterrupts();

    /// <summary>Sleeps until an interrupt has been handled, then returns with interrupts off.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberWaitForInterrupt")]
    public static extern void WaitForInterrupt();

    /// <summary>Lets pending interrupts be handled, then returns with interrupts off.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberTakeInterrupts")]
    public static extern void TakeInterrupts();

    /// <summary>Handles an NMI that a guest's exit has taken from the processor.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberTakeNonMaskableInterrupt")]
    public static extern void TakeNonMaskableInterrupt();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberPause")]
    public static extern void Pause();

    /// <summary>Stops this processor for good.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberHalt")]
    public static extern void Halt();

    /// <summary>Resets the machine the way no chipset can refuse.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberTripleFault")]
    public static extern void TripleFault();

    /// <summary>Raises #UD on purpose.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberCheckFailed")]
    public static extern void RaiseInvalidOpcode();

    /// <summary>Pushes below the first byte of a stack on purpose; never returns.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberOverflowStack")]
    public static extern void OverflowStack(void* stackBottom);

    /// <summary>Continues in the function exported as EmberMain on another stack; never returns.</summary>
    /// <param name="stackTop">The end of the new stack.</param>
    /// <param name="argument">What EmberMain gets.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberMainOnStack")]
    public static extern void MainOnStack(void* stackTop, void* argument);

    /// <summary>What a <see cref="Trampoline"/> is made of.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberTrampolineAddress")]
    public static extern byte* TrampolineCode();

    /// <summary>Where it leads: into the function exported as EmberProcessorMain, on the processor's own stack.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberProcessorEntryAddress")]
    public static extern byte* ProcessorEntryPoint();

    /// <summary>The first of 256 interrupt entries, eight bytes each.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberInterruptEntriesAddress")]
    public static extern byte* InterruptEntries();

    /// <summary>The image's table of function names (Ember.Formats.Symbols).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSymbolTableAddress")]
    public static extern byte* SymbolTable();

    /// <summary>The loader's section for the vendor's key (Ember.Formats.Signatures).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVendorKeyAddress")]
    public static extern byte* VendorKey();

    /// <summary>
    /// Zeroes whole pages by the widest stores there are. Nothing of a guest may be in XMM0 or the upper half of YMM0.
    /// </summary>
    public static void ClearMemory(void* address, ulong length)
    {
        const uint XsaveEnabledAndAvx = (1u << 27) | (1u << 28);
        if ((Cpuid(1).Ecx & XsaveEnabledAndAvx) == XsaveEnabledAndAvx)
        {
            ClearMemoryWide(address, length);
        }
        else
        {
            ClearMemoryNarrow(address, length);
        }
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberClearMemory")]
    private static extern void ClearMemoryNarrow(void* address, ulong length);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberClearMemoryWide")]
    private static extern void ClearMemoryWide(void* address, ulong length);

    /// <summary>Enters a guest until it exits (AMD APM volume 2, section 15.5).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSvmRun")]
    public static extern void SvmRun(void* guestRegisters, ulong guestVmcb, ulong hostVmcb);

    /// <summary>The same, with measures against speculation before and behind (Ember.Core's SpeculationMeasures).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSvmRunGuarded")]
    public static extern void SvmRunGuarded(void* guestRegisters, ulong guestVmcb, ulong hostVmcb, uint measures);

    /// <summary>VMSAVE of the host's own hidden state (AMD APM volume 2, section 15.5.2).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberSvmSaveHost")]
    public static extern void SvmSaveHost(ulong hostVmcb);

    /// <summary>VMXON: enters VMX operation (Intel SDM volume 3, section 23.7).</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxOn")]
    public static extern void VmxOn(ulong region);

    /// <summary>VMCLEAR: makes a control structure ready to be loaded and launched.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxClear")]
    public static extern void VmxClear(ulong region);

    /// <summary>VMPTRLD: makes a control structure the current one, which the following act on.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxLoad")]
    public static extern void VmxLoad(ulong region);

    /// <summary>VMREAD.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxRead")]
    public static extern ulong VmxRead(ulong field);

    /// <summary>VMWRITE.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxWrite")]
    public static extern void VmxWrite(ulong field, ulong value);

    /// <summary>VMLAUNCH: enters a guest for the first time until it exits; 1 when the processor refused, else 0.</summary>
    /// <param name="guestRegisters">The guest's registers.</param>
    /// <param name="measures">Ember.Core's SpeculationMeasures, if any is taken at each entry or exit.</param>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxLaunch")]
    public static extern uint VmxLaunch(void* guestRegisters, uint measures);

    /// <summary>VMRESUME: the same from the second time on.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxResume")]
    public static extern uint VmxResume(void* guestRegisters, uint measures);

    /// <summary>INVEPT of all contexts: forgets every translation by extended page tables.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxInvalidateNested")]
    public static extern void VmxInvalidateNested();

    /// <summary>INVVPID of all contexts: forgets every guest's own translations.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberVmxInvalidateLinear")]
    public static extern void VmxInvalidateLinear();

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "EmberCpuid")]
    private static extern void Cpuid(uint leaf, uint subleaf, CpuidResult* result);
}
