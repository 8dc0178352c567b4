using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>What this core asks of VMX, and what a processor offers of it (Intel SDM volume 3, appendix A).</summary>
internal static class VmxCapabilities
{
    public const PinControls Pin = PinControls.ExternalInterruptExiting | PinControls.NmiExiting
        | PinControls.VirtualNmis;

    public const PrimaryControls Primary = PrimaryControls.HltExiting | PrimaryControls.MwaitExiting | PrimaryControls.RdpmcExiting
        | PrimaryControls.UseTprShadow | PrimaryControls.UnconditionalIoExiting | PrimaryControls.UseMsrBitmaps
        | PrimaryControls.MonitorExiting | PrimaryControls.ActivateSecondaryControls;

    /// <summary>Without the instructions that a guest's CPUID may show: they are allowed where the processor has them.</summary>
    public const SecondaryControls Secondary = SecondaryControls.EnableEpt | SecondaryControls.EnableVpid
        | SecondaryControls.WbinvdExiting | SecondaryControls.UnrestrictedGuest;

    public const ExitControls Exit = ExitControls.SaveDebugControls | ExitControls.HostAddressSpaceSize | ExitControls.SavePat
        | ExitControls.LoadPat | ExitControls.SaveEfer | ExitControls.LoadEfer;

    public const EntryControls Entry = EntryControls.LoadDebugControls | EntryControls.Ia32eModeGuest | EntryControls.LoadPat
        | EntryControls.LoadEfer;

    private const SecondaryControls Optional = SecondaryControls.EnableRdtscp | SecondaryControls.EnableInvpcid;

    private const uint VmxFeature = 1 << 5;
    private const ulong Locked = 1UL << 0;
    private const ulong EnabledOutsideSmx = 1UL << 2;
    private const ulong TrueControls = 1UL << 55;
    private const int MemoryTypeShift = 50;
    private const ulong WriteBack = 6;

    /// <summary>Walks of four levels, write-back tables, 2 MiB pages, INVEPT of all contexts.</summary>
    private const ulong EptNeeds = (1UL << 6) | (1UL << 14) | (1UL << 16) | (1UL << 20) | (1UL << 26);
    private const ulong HugePages = 1UL << 17;

    /// <summary>INVVPID of all contexts.</summary>
    private const ulong VpidNeeds = (1UL << 32) | (1UL << 42);

    /// <summary>Whether extended page tables may have 1 GiB pages.</summary>
    public static bool HasHugePages => (Cpu.ReadMsr(ModelSpecificRegister.VmxEptVpidCapabilities) & HugePages) != 0;

    public static VirtualizationSupport Support
    {
        get
        {
            if ((Cpu.Cpuid(1).Ecx & VmxFeature) == 0)
            {
                return VirtualizationSupport.Missing;
            }

            if ((Cpu.ReadMsr(ModelSpecificRegister.FeatureControl) & (Locked | EnabledOutsideSmx)) == Locked)
            {
                return VirtualizationSupport.VmxDisabledByFirmware;
            }

            ulong basic = Cpu.ReadMsr(ModelSpecificRegister.VmxBasic);
            return (basic & TrueControls) == 0 || ((basic >> MemoryTypeShift) & 0xF) != WriteBack
                || !Allows(ModelSpecificRegister.VmxTruePinControls, (uint)Pin)
                || !Allows(ModelSpecificRegister.VmxTruePrimaryControls, (uint)Primary)
                || !Allows(ModelSpecificRegister.VmxTrueExitControls, (uint)Exit)
                || !Allows(ModelSpecificRegister.VmxTrueEntryControls, (uint)Entry)
                || !Allows(ModelSpecificRegister.VmxSecondaryControls, (uint)SecondaryControls.WbinvdExiting)
                ? VirtualizationSupport.VmxControlsMissing
                : NestedSupport;
        }
    }

    private static VirtualizationSupport NestedSupport
    {
        get
        {
            if (!Allows(ModelSpecificRegister.VmxSecondaryControls, (uint)SecondaryControls.EnableEpt)
                || (Cpu.ReadMsr(ModelSpecificRegister.VmxEptVpidCapabilities) & EptNeeds) != EptNeeds)
            {
                return VirtualizationSupport.EptMissing;
            }

            if (!Allows(ModelSpecificRegister.VmxSecondaryControls, (uint)SecondaryControls.UnrestrictedGuest))
            {
                return VirtualizationSupport.UnrestrictedGuestMissing;
            }

            return !Allows(ModelSpecificRegister.VmxSecondaryControls, (uint)SecondaryControls.EnableVpid)
                || (Cpu.ReadMsr(ModelSpecificRegister.VmxEptVpidCapabilities) & VpidNeeds) != VpidNeeds
                ? VirtualizationSupport.VpidMissing
                : VirtualizationSupport.Available;
        }
    }

    /// <summary>The secondary controls, with what is optional as far as the processor has it.</summary>
    public static ulong AllSecondary =>
        Adjust(ModelSpecificRegister.VmxSecondaryControls, (uint)(Secondary | Optional));

    /// <summary>Lets VMXON work where the firmware left it open, and locks it as the manual asks (section 23.7).</summary>
    public static void Unlock()
    {
        ulong control = Cpu.ReadMsr(ModelSpecificRegister.FeatureControl);
        if ((control & Locked) == 0)
        {
            Cpu.WriteMsr(ModelSpecificRegister.FeatureControl, control | Locked | EnabledOutsideSmx);
        }
    }

    /// <summary>Controls with the bits that must be set and without those that must be clear: the halves of a capability MSR.</summary>
    public static ulong Adjust(uint msr, uint wanted)
    {
        ulong allowed = Cpu.ReadMsr(msr);
        return (wanted | (uint)allowed) & (uint)(allowed >> 32);
    }

    private static bool Allows(uint msr, uint wanted) => ((uint)(Cpu.ReadMsr(msr) >> 32) & wanted) == wanted;
}
