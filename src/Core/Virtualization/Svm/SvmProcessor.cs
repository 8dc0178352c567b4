using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ember.Core.Virtualization.Decoding;
using Ember.Core.Virtualization.Speculation;
using Ember.Platform.Memory;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Svm;

/// <summary>A virtual processor on AMD SVM with nested paging (AMD APM volume 2, chapter 15).</summary>
internal unsafe partial struct SvmProcessor : IVirtualProcessor
{
    private const uint ExtendedFeatures = 0x8000_0001;
    private const uint SvmFeatures = 0x8000_000A;
    private const uint SvmFeatureBit = 1 << 2;
    private const uint HugePagesBit = 1 << 26;
    private const uint NestedPagingBit = 1 << 0;
    private const uint NextRipSaveBit = 1 << 3;
    private const ulong SvmDisabled = 1 << 4;
    private const ulong EventValid = 1UL << 31;
    private const ulong ErrorCodeValid = 1UL << 11;
    private const ulong ExceptionType = 3UL << 8;
    private const ulong VirtualInterruptRequest = 1UL << 8;
    private const ulong HighestPriorityIgnoringTpr = (0xFUL << 16) | (1UL << 20);
    private const ulong VirtualInterruptMasking = 1UL << 24;
    private const byte FlushAll = 1;
    private const ushort Code64 = 0xA9B;
    private const ushort Code32 = 0xC9B;
    private const ushort Data = 0xC93;
    private const ushort BusyTask = 0x8B;
    private const ushort UnusableLdt = 0x82;
    private const ushort LongBit = 1 << 9;
    private const ushort DefaultSizeBit = 1 << 10;
    private const byte AlignmentCheck = 17;
    private const byte DebugException = 1;
    private const byte PageFault = 14;
    private const ulong ResetDr6 = 0xFFFF_0FF0;
    private const ulong ResetDr7 = 0x400;
    private const ulong ResetPat = 0x0007_0406_0007_0406;
    private const int StateOffset = (int)PageTables.PageSize;

    /// <summary>What all virtual processors share: the map of ports, then that of MSRs.</summary>
    private static byte* _permissions;

    private GuestRegisters _registers;
    private Vmcb* _vmcb;
    private ulong _hostState;
    private ulong _machine;
    private ulong _tscAux;
    private SpeculationMeasures _guards;
    private ExtendedState _state;
    private TranslationIdentifier _identifier;
    private NonMaskable _nonMaskable;
    private ulong _returnRip;
    private bool _savesNextRip;

    public static VirtualizationSupport Support
    {
        get
        {
            if (Cpu.Cpuid(0x8000_0000).Eax < SvmFeatures || (Cpu.Cpuid(ExtendedFeatures).Ecx & SvmFeatureBit) == 0)
            {
                return VirtualizationSupport.Missing;
            }

            if ((Cpu.ReadMsr(ModelSpecificRegister.VmCr) & SvmDisabled) != 0)
            {
                return VirtualizationSupport.SvmDisabledByFirmware;
            }

            return (Cpu.Cpuid(SvmFeatures).Edx & NestedPagingBit) == 0
                ? VirtualizationSupport.NestedPagingMissing
                : VirtualizationSupport.Available;
        }
    }

    public static PageTableFormat NestedFormat => PageTableFormat.LongMode;

    public static bool HasHugeNestedPages => (Cpu.Cpuid(ExtendedFeatures).Edx & HugePagesBit) != 0;

    public static ulong HostPages => 2;

    public static ulong SharedPages => PermissionMaps.IoPages + PermissionMaps.MsrPages;

    /// <summary>The control block and the save area.</summary>
    public static ulong PagesNeeded => 2;

    [UnscopedRef]
    public ref GuestRegisters Registers => ref _registers;

    public readonly ulong InstructionPointer => _vmcb->Rip;

    [UnscopedRef]
    public readonly ref ulong StackPointer => ref _vmcb->Rsp;

    public readonly PagingState Paging
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => new()
        {
            Cr0 = _vmcb->Cr0,
            Cr3 = _vmcb->Cr3,
            Cr4 = _vmcb->Cr4,
            Efer = _vmcb->Efer,
            Rflags = _vmcb->Rflags,
        };
    }

    public readonly ulong Flags
    {
        get => _vmcb->Rflags;
        set => _vmcb->Rflags = value;
    }

    public readonly bool InterruptsEnabled => (_vmcb->Rflags & Rflags.InterruptEnable) != 0;

    public readonly bool IsUser => _vmcb->Cpl == 3;

    public readonly ulong Cr4 => _vmcb->Cr4;

    public readonly ulong CodeSegmentBase => Mode == OperatingMode.Bits64 ? 0 : _vmcb->Cs.Base;

    public readonly OperatingMode Mode
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => (_vmcb->Efer & Platform.Processors.Efer.LongModeActive) != 0 && (_vmcb->Cs.Attributes & LongBit) != 0
            ? OperatingMode.Bits64
            : (_vmcb->Cs.Attributes & DefaultSizeBit) != 0 ? OperatingMode.Bits32 : OperatingMode.Bits16;
    }

    /// <summary>Without the SVME bit, which SVM needs set and the guest must not see.</summary>
    public readonly ulong Efer
    {
        get => _vmcb->Efer & ~Platform.Processors.Efer.SecureVirtualMachineEnable;
        set => _vmcb->Efer = value | Platform.Processors.Efer.SecureVirtualMachineEnable;
    }

    public readonly ulong PageAttributeTable
    {
        get => _vmcb->GuestPat;
        set => _vmcb->GuestPat = value;
    }

    public readonly byte TaskPriority
    {
        get => (byte)(_vmcb->VirtualInterrupt & 0xF);
        set => _vmcb->VirtualInterrupt = (_vmcb->VirtualInterrupt & ~0xFFUL) | value;
    }

    public readonly ulong ExtendedControl => _state.Control;

    public readonly bool CanTakeInterrupt =>
        (_vmcb->Rflags & Rflags.InterruptEnable) != 0 && (_vmcb->InterruptShadow & 1) == 0 && (_vmcb->EventInjection & EventValid) == 0;

    public static void Enable(ref HostContext host, byte* pages)
    {
        Cpu.WriteMsr(
            ModelSpecificRegister.Efer,
            Cpu.ReadMsr(ModelSpecificRegister.Efer) | Platform.Processors.Efer.SecureVirtualMachineEnable);
        Cpu.WriteMsr(ModelSpecificRegister.VmHostSavePhysicalAddress, (ulong)pages);
        host.HostState = (ulong)pages + PageTables.PageSize;
        Cpu.SvmSaveHost(host.HostState);
        host.Prepare(Cpu.Cpuid(SvmFeatures).Ebx);
    }

    public static void InitializeShared(byte* pages)
    {
        _permissions = pages;
        PermissionMaps.FillIo(pages);
        PermissionMaps.FillMsr(pages + (PermissionMaps.IoPages * PageTables.PageSize));
    }

    public void Initialize(byte* pages, ulong nestedRoot, ulong machine)
    {
        this = default;
        _machine = machine;
        _state.Initialize(pages + StateOffset);
        _savesNextRip = (Cpu.Cpuid(SvmFeatures).Edx & NextRipSaveBit) != 0;
        _vmcb = (Vmcb*)pages;
        _vmcb->Intercept1 = Intercept1.PhysicalInterrupt | Intercept1.NonMaskableInterrupt | Intercept1.Init | Intercept1.Rdpmc
            | Intercept1.Cpuid | Intercept1.Invd | Intercept1.Hlt | Intercept1.Invlpga | Intercept1.IoPort | Intercept1.Msr
            | Intercept1.FerrFreeze | Intercept1.Shutdown;
        _vmcb->Intercept2 = Intercept2.Vmrun | Intercept2.Vmmcall | Intercept2.Vmload | Intercept2.Vmsave | Intercept2.Stgi
            | Intercept2.Clgi | Intercept2.Skinit | Intercept2.Wbinvd | Intercept2.Monitor | Intercept2.Mwait
            | Intercept2.MwaitArmed | Intercept2.Xsetbv | Intercept2.Rdpru;

        // Delivering these two can make the processor raise them again for ever, with no instruction in between to interrupt it.
        _vmcb->InterceptExceptions = (1u << AlignmentCheck) | (1u << DebugException);
        _vmcb->IoPermissionsBase = (ulong)_permissions;
        _vmcb->MsrPermissionsBase = (ulong)_permissions + (PermissionMaps.IoPages * PageTables.PageSize);
        _vmcb->VirtualInterrupt = VirtualInterruptMasking;
        _vmcb->NestedControl = 1;
        _vmcb->NestedCr3 = nestedRoot;
        _vmcb->GuestPat = ResetPat;
        _vmcb->Dr6 = ResetDr6;
        _vmcb->Dr7 = ResetDr7;
        _vmcb->Rflags = Rflags.AlwaysOne;
    }

    public void Load(ref HostContext host)
    {
        var context = (HostContext*)Unsafe.AsPointer(ref host);
        _hostState = context->HostState;
        _guards = context->Guards;
        if (_identifier.Renew(context, out bool flush))
        {
            _vmcb->Asid = _identifier.Value;
            _vmcb->TlbControl = flush ? FlushAll : (byte)0;
        }

        context->Separate(_machine);
        Cpu.WriteMsr(ModelSpecificRegister.TscAux, _tscAux);

        // VMRUN loads it too (AMD APM volume 2, 15.5.1), but not in Bochs.
        Cpu.WriteCr2(_vmcb->Cr2);
        _state.Load(context);
    }

    public void Unload(ref HostContext host)
    {
        var context = (HostContext*)Unsafe.AsPointer(ref host);
        _state.Unload(context);
        _tscAux = Cpu.ReadMsr(ModelSpecificRegister.TscAux);
        _vmcb->Cr2 = Cpu.ReadCr2();
        context->LastProcessor = _vmcb;
        if (_vmcb->TlbControl != 0)
        {
            // It never ran, so nothing has been flushed: whoever comes next has to.
            context->NextIdentifier = context->IdentifierCount;
        }
    }

    public void SetExtendedControl(ulong value) => _state.SetControl(value);

    public void Enter(in GuestEntry entry)
    {
        bool longMode = entry.Mode == OperatingMode.Bits64;
        _vmcb->Cr0 = longMode
            ? Cr0.Paging | Cr0.WriteProtect | Cr0.NumericError | Cr0.ExtensionType | Cr0.MonitorCoprocessor | Cr0.ProtectionEnable
            : Cr0.ExtensionType | Cr0.ProtectionEnable;
        _vmcb->Cr3 = entry.Cr3;
        _vmcb->Cr4 = longMode ? Platform.Processors.Cr4.PhysicalAddressExtension : 0;
        Efer = longMode ? Platform.Processors.Efer.LongModeEnable | Platform.Processors.Efer.LongModeActive : 0;
        ushort code = longMode ? Code64 : Code32;
        _vmcb->Cs = new VmcbSegment { Selector = entry.CodeSelector, Attributes = code, Limit = uint.MaxValue };
        var data = new VmcbSegment { Selector = entry.DataSelector, Attributes = Data, Limit = uint.MaxValue };
        _vmcb->Ds = data;
        _vmcb->Es = data;
        _vmcb->Ss = data;
        _vmcb->Fs = data;
        _vmcb->Gs = data;
        _vmcb->Tr = new VmcbSegment { Attributes = BusyTask, Limit = 103 };
        _vmcb->Ldtr = new VmcbSegment { Attributes = UnusableLdt };
        _vmcb->Gdtr = new VmcbSegment { Limit = entry.GdtLimit, Base = entry.GdtBase };
        _vmcb->Rip = entry.Rip;
        _vmcb->Rsp = entry.Rsp;
        _registers.Rax = entry.Rax;
        _registers.Rbx = entry.Rbx;
        _registers.Rsi = entry.Rsi;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Run(out VmExit exit)
    {
        Vmcb* vmcb = _vmcb;
        vmcb->Rax = _registers.Rax;
        if (_guards == SpeculationMeasures.None)
        {
            Cpu.SvmRun(Unsafe.AsPointer(ref _registers), (ulong)vmcb, _hostState);
        }
        else
        {
            Cpu.SvmRunGuarded(Unsafe.AsPointer(ref _registers), (ulong)vmcb, _hostState, (uint)_guards);
        }

        _registers.Rax = vmcb->Rax;
        vmcb->TlbControl = 0;

        // An event whose delivery was cut short by this exit is delivered again at the next entry. Both fields say whether it is one.
        vmcb->EventInjection = vmcb->ExitInterruptInfo;
        ulong code = vmcb->ExitCode;

        // What an exit of another kind would tell is not cleared: nobody reads it.
        Unsafe.SkipInit(out exit);
        exit.Code = code;
        ExitKind kind = SvmExitCode.KindOf((uint)code);
        exit.Kind = kind;
        exit.InstructionLength = _savesNextRip ? (byte)(vmcb->NextRip - vmcb->Rip) : (byte)0;

        if (kind >= ExitKind.FirstDetailed)
        {
            AddDetails(vmcb, ref exit);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Advance(int length)
    {
        Vmcb* vmcb = _vmcb;
        vmcb->Rip += (uint)length;
        vmcb->InterruptShadow = 0;
    }

    public readonly void InjectInterrupt(byte vector) => _vmcb->EventInjection = EventValid | vector;

    public readonly void InjectException(byte vector) => _vmcb->EventInjection = EventValid | ExceptionType | vector;

    public readonly void InjectException(byte vector, uint errorCode) =>
        _vmcb->EventInjection = EventValid | ErrorCodeValid | ExceptionType | vector | ((ulong)errorCode << 32);

    public readonly void InjectPageFault(ulong address, uint errorCode)
    {
        _vmcb->Cr2 = address;
        Cpu.WriteCr2(address);
        InjectException(PageFault, errorCode);
    }

    /// <summary>The control block has them in the order of their numbers. It leaves out bits 48 to 51 of a descriptor.</summary>
    public readonly SegmentState Segment(SegmentRegister segment)
    {
        VmcbSegment* from = &_vmcb->Es + (int)segment;
        return new SegmentState
        {
            Base = from->Base,
            Limit = from->Limit,
            Rights = (from->Attributes & 0xFFu) | ((from->Attributes & 0xF00u) << 4),
        };
    }

    public readonly void RequestInterruptWindow()
    {
        _vmcb->VirtualInterrupt |= VirtualInterruptRequest | HighestPriorityIgnoringTpr;
        _vmcb->Intercept1 |= Intercept1.VirtualInterrupt;
    }

    /// <summary>The kinds that come most often where they are needed, the others apart. A write's kind comes after its read's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddDetails(Vmcb* vmcb, ref VmExit exit)
    {
        if (exit.Kind == ExitKind.PortRead)
        {
            ClassifyPort(vmcb, ref exit);
        }
        else if (exit.Kind == ExitKind.MsrRead)
        {
            exit.Kind = ExitKind.MsrRead + (byte)(vmcb->ExitInfo1 & 1);
        }
        else
        {
            AddRareDetails(vmcb, ref exit);
        }
    }

    private void AddRareDetails(Vmcb* vmcb, ref VmExit exit)
    {
        switch (exit.Kind)
        {
            case ExitKind.Memory:
                exit.IsWrite = (vmcb->ExitInfo1 & 2) != 0;
                exit.Address = vmcb->ExitInfo2;
                break;
            case ExitKind.InterruptWindow:
                vmcb->VirtualInterrupt &= ~(VirtualInterruptRequest | HighestPriorityIgnoringTpr);
                vmcb->Intercept1 &= ~Intercept1.VirtualInterrupt;
                break;
            case ExitKind.Exception:
                exit.Vector = (byte)(exit.Code - SvmExitCode.FirstException);
                if (exit.Vector == DebugException)
                {
                    EndStep(ref exit);
                }

                break;
            case ExitKind.Resolved:
                ReachReturn();
                break;
        }
    }

    /// <summary>EXITINFO1 of IOIO (AMD APM volume 2, section 15.10.2): bit 0 input, bit 2 string, bits 6:4 size, bits 31:16 port.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ClassifyPort(Vmcb* vmcb, ref VmExit exit)
    {
        uint info = (uint)vmcb->ExitInfo1;
        exit.Kind = ExitKind.PortWrite - (byte)(info & 1);
        exit.IsString = (info & 4) != 0;
        exit.Size = (byte)(info >> 4 & 7);
        exit.Port = (ushort)(info >> 16);

        // For this exit alone EXITINFO2 holds the next instruction's address, NRIP save or not.
        exit.InstructionLength = (byte)(vmcb->ExitInfo2 - vmcb->Rip);
    }
}
