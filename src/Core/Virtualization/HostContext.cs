using System.Runtime.CompilerServices;
using Ember.Core.Virtualization.Speculation;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>What a back end keeps of one physical processor: all virtual processors that run on it share this.</summary>
internal unsafe struct HostContext
{
    /// <summary>Where the vendor keeps the processor's own state while a guest runs: on SVM the physical address of a VMSAVE area.</summary>
    public ulong HostState;

    /// <summary>The next ASID or VPID to give out.</summary>
    public uint NextIdentifier;

    /// <summary>ASIDs or VPIDs there are, the host's 0 among them.</summary>
    public uint IdentifierCount;

    /// <summary>Identifiers of an older generation may be another's by now. Starts at 0, which no virtual processor's is.</summary>
    public ulong Generation;

    /// <summary>The <c>machine</c> of the virtual processor that ran here last, 0 for none.</summary>
    public ulong LastMachine;

    /// <summary>The virtual processor that was loaded here last.</summary>
    public void* LastProcessor;

    /// <summary>The states of XSAVE that guests can reach, and what XCR0 says while no guest is loaded; 0 on a processor without XSAVE.</summary>
    public ulong ExtendedStates;

    /// <summary>On VMX, times nested page tables had been filled when this processor last forgot what it knew of them.</summary>
    public int NestedChanges;

    /// <summary>What is done on this processor against speculation across machines.</summary>
    public SpeculationMeasures Measures;

    private const uint XsaveFeature = 1 << 26;
    private const uint SaveAreaLeaf = 0xD;

    /// <summary>PKRU is not offered, but a guest that sets CR4.PKE all the same reaches it.</summary>
    private const uint ProtectionKeys = 1 << 9;

    /// <summary>The measures again if any is taken at each entry or exit.</summary>
    public readonly SpeculationMeasures Guards =>
        (Measures & SpeculationMeasures.Guarded) != 0 ? Measures : SpeculationMeasures.None;

    /// <summary>Fills in what both vendors need and lets the processor save all that guests have.</summary>
    /// <param name="identifiers">ASIDs or VPIDs the processor has.</param>
    public void Prepare(uint identifiers)
    {
        Measures = SpeculationStart.Apply();
        IdentifierCount = identifiers;

        // The first to take one finds none left, and so starts a generation with nothing cached.
        NextIdentifier = identifiers;
        if ((Cpu.Cpuid(1).Ecx & XsaveFeature) != 0)
        {
            ExtendedStates = Cpu.Cpuid(SaveAreaLeaf).Eax & (GuestCpuidMasks.ExtendedStates | ProtectionKeys);
            Cpu.WriteXcr0(ExtendedStates);
        }
    }

    /// <summary>A virtual processor begins to run here; what another machine has trained may not mislead it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Separate(ulong machine)
    {
        if (LastMachine != machine)
        {
            LastMachine = machine;
            if ((Measures & SpeculationMeasures.BarrierBetweenMachines) != 0)
            {
                SpeculationStart.Barrier();
            }
        }
    }
}
