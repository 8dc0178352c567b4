using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Ember.Core.Virtualization.Decoding;
using Ember.Core.Virtualization.Speculation;
using Ember.Platform.Memory;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>
/// A virtual processor on Intel VMX with extended page tables, VPID and unrestricted guest (Intel SDM volume 3, chapters 24 to 28).
/// Its control structure is the current one while it is loaded.
/// </summary>
internal unsafe partial struct VmxProcessor : IVirtualProcessor
{
    private const ulong OwnedCacheBits = Cr0.CacheDisable | Cr0.NotWriteThrough;
    private const ulong FreeCr0 = Cr0.Paging | Cr0.ProtectionEnable;
    private const ulong FourLevelsWriteBack = (3 << 3) | 6;
    private const int TaskPriorityOffset = 0x80;
    private const uint VpidCount = 1 << 16;
    private const uint Code64 = 0xA09B;
    private const uint Code32 = 0xC09B;
    private const uint Data = 0xC093;
    private const uint BusyTask = 0x8B;
    private const uint Unusable = 1 << 16;
    private const ulong LongBit = 1 << 13;
    private const ulong DefaultSizeBit = 1 << 14;
    private const int DescriptorPrivilegeShift = 5;
    private const byte AlignmentCheck = 17;
    private const byte DebugException = 1;
    private const byte PageFault = 14;
    private const ulong ResetDr7 = 0x400;
    private const ulong ResetPat = 0x0007_0406_0007_0406;
    private const ulong InterruptShadow = 3;
    private const ulong NonMaskableBlocked = 8;

    /// <summary>The MSR bitmaps, which all virtual processors share.</summary>
    private static byte* _msrBitmaps;

    private GuestRegisters _registers;
    private byte* _region;
    private byte* _virtualApic;
    private ulong _machine;
    private SystemCallRegisters _systemCall;
    private ulong _cr2;
    private ulong _dr6;
    private ExtendedState _state;
    private TranslationIdentifier _identifier;
    private void* _host;
    private SpeculationMeasures _guards;
    private ulong _cr0Owned;
    private ulong _cr4Owned;
    private ulong _primaryControls;
    private ulong _event;
    private uint _eventErrorCode;
    private uint _eventLength;
    private bool _launched;
    private bool _stackPointerKnown;

    public static VirtualizationSupport Support => VmxCapabilities.Support;

    public static PageTableFormat NestedFormat => PageTableFormat.Extended;

    public static bool HasHugeNestedPages => VmxCapabilities.HasHugePages;

    public static ulong HostPages => 1;

    public static ulong SharedPages => 1;

    /// <summary>The control structure, the virtual APIC page and the save area.</summary>
    public static ulong PagesNeeded => 3;

    [UnscopedRef]
    public ref GuestRegisters Registers => ref _registers;

    public readonly ulong InstructionPointer => Vmcs.Read(VmcsField.GuestRip);

    /// <summary>Read from the control structure only when it is asked for, and then written back at the next entry.</summary>
    [UnscopedRef]
    public ref ulong StackPointer
    {
        get
        {
            if (!_stackPointerKnown)
            {
                _registers.Rsp = Vmcs.Read(VmcsField.GuestRsp);
                _stackPointerKnown = true;
            }

            return ref _registers.Rsp;
        }
    }

    public readonly PagingState Paging => new()
    {
        Cr0 = (Vmcs.Read(VmcsField.GuestCr0) & ~_cr0Owned) | (Vmcs.Read(VmcsField.Cr0ReadShadow) & _cr0Owned),
        Cr3 = Vmcs.Read(VmcsField.GuestCr3),
        Cr4 = Cr4,
        Efer = Efer,
        Rflags = Vmcs.Read(VmcsField.GuestRflags),
    };

    public readonly ulong Flags
    {
        get => Vmcs.Read(VmcsField.GuestRflags);
        set => Vmcs.Write(VmcsField.GuestRflags, value);
    }

    public readonly bool InterruptsEnabled => (Vmcs.Read(VmcsField.GuestRflags) & Rflags.InterruptEnable) != 0;

    public readonly bool IsUser => ((Vmcs.Read(VmcsField.GuestSsAccessRights) >> DescriptorPrivilegeShift) & 3) == 3;

    /// <summary>Without the bits VMX needs set, which a guest without VMX must not see.</summary>
    public readonly ulong Cr4 => Vmcs.Read(VmcsField.GuestCr4) & ~_cr4Owned;

    public readonly ulong CodeSegmentBase => Mode == OperatingMode.Bits64 ? 0 : Vmcs.Read(VmcsField.GuestCsBase);

    /// <summary>An unusable one has none of a present one's rights.</summary>
    public readonly SegmentState Segment(SegmentRegister segment)
    {
        uint distance = (uint)segment * 2;
        uint rights = (uint)Vmcs.Read(VmcsField.GuestEsAccessRights + distance);
        return new SegmentState
        {
            Base = Vmcs.Read(VmcsField.GuestEsBase + distance),
            Limit = (uint)Vmcs.Read(VmcsField.GuestEsLimit + distance),
            Rights = (rights & Unusable) != 0 ? 0 : rights,
        };
    }

    public readonly OperatingMode Mode
    {
        get
        {
            ulong rights = Vmcs.Read(VmcsField.GuestCsAccessRights);
            return (rights & LongBit) != 0 && (Efer & Platform.Processors.Efer.LongModeActive) != 0
                ? OperatingMode.Bits64
                : (rights & DefaultSizeBit) != 0 ? OperatingMode.Bits32 : OperatingMode.Bits16;
        }
    }

    public readonly ulong Efer
    {
        get => Vmcs.Read(VmcsField.GuestEfer);
        set => Vmcs.Write(VmcsField.GuestEfer, value);
    }

    public readonly ulong PageAttributeTable
    {
        get => Vmcs.Read(VmcsField.GuestPageAttributeTable);
        set => Vmcs.Write(VmcsField.GuestPageAttributeTable, value);
    }

    /// <summary>The virtual APIC page's task priority, whose high half CR8 is.</summary>
    public readonly byte TaskPriority
    {
        get => (byte)(_virtualApic[TaskPriorityOffset] >> 4);
        set => _virtualApic[TaskPriorityOffset] = (byte)(value << 4);
    }

    public readonly bool CanTakeInterrupt =>
        _event == 0 && InterruptsEnabled && (Vmcs.Read(VmcsField.GuestInterruptibility) & InterruptShadow) == 0;

    public readonly ulong ExtendedControl => _state.Control;

    public readonly bool CanTakeNonMaskable => _event == 0
        && (Vmcs.Read(VmcsField.GuestInterruptibility) & (InterruptShadow | NonMaskableBlocked)) == 0;

    public static void Enable(ref HostContext host, byte* pages)
    {
        VmxHost.Enable(pages);
        host.Prepare(VpidCount);
    }

    public static void InitializeShared(byte* pages)
    {
        _msrBitmaps = pages;
        MsrBitmaps.Fill(pages);
    }

    public void Initialize(byte* pages, ulong nestedRoot, ulong machine)
    {
        this = default;
        _machine = machine;
        _region = pages;
        _virtualApic = pages + PageTables.PageSize;
        _state.Initialize(_virtualApic + PageTables.PageSize);
        _dr6 = AlwaysOneInDr6;
        _cr2 = 0;
        _cr0Owned = (Cpu.ReadMsr(ModelSpecificRegister.VmxCr0Fixed0) & ~FreeCr0) | OwnedCacheBits;
        _cr4Owned = Cpu.ReadMsr(ModelSpecificRegister.VmxCr4Fixed0);
        VmxHost.Stamp(_region);
        Cpu.VmxClear((ulong)_region);
        Cpu.VmxLoad((ulong)_region);
        VmxHost.WriteConstants();
        WriteControls();
        Vmcs.Write(VmcsField.MsrBitmapsAddress, (ulong)_msrBitmaps);
        Vmcs.Write(VmcsField.VirtualApicAddress, (ulong)_virtualApic);
        Vmcs.Write(VmcsField.ExtendedPageTablePointer, nestedRoot | FourLevelsWriteBack);
        Vmcs.Write(VmcsField.VmcsLinkPointer, ulong.MaxValue);
        Vmcs.Write(VmcsField.Cr0Mask, _cr0Owned);
        Vmcs.Write(VmcsField.Cr4Mask, _cr4Owned);
        Vmcs.Write(VmcsField.GuestPageAttributeTable, ResetPat);
        Vmcs.Write(VmcsField.GuestDr7, ResetDr7);
        Vmcs.Write(VmcsField.GuestRflags, Rflags.AlwaysOne);
        Cpu.VmxClear((ulong)_region);
        VmxHost.ForgetNested();
    }

    public void Load(ref HostContext host)
    {
        var context = (HostContext*)Unsafe.AsPointer(ref host);
        Cpu.VmxLoad((ulong)_region);
        if (_host != context)
        {
            _host = context;
            VmxHost.WriteState();
        }

        _guards = context->Guards;
        if (_identifier.Renew(context, out bool flush))
        {
            Vmcs.Write(VmcsField.VirtualProcessorIdentifier, _identifier.Value);
        }

        if (flush)
        {
            Cpu.VmxInvalidateLinear();
        }

        VmxHost.FlushNested(ref host);
        context->Separate(_machine);
        _systemCall.Load();
        Cpu.WriteCr2(_cr2);
        Cpu.WriteDr6(_dr6);
        _state.Load(context);
    }

    public void Unload(ref HostContext host)
    {
        var context = (HostContext*)Unsafe.AsPointer(ref host);
        _state.Unload(context);
        _cr2 = Cpu.ReadCr2();
        _dr6 = Cpu.ReadDr6();
        _systemCall.Save();
        if (_stackPointerKnown)
        {
            WriteStackPointer();
        }

        context->LastProcessor = _region;
        Cpu.VmxClear((ulong)_region);
        _launched = false;
    }

    public void SetExtendedControl(ulong value) => _state.SetControl(value);

    public void Enter(in GuestEntry entry)
    {
        bool longMode = entry.Mode == OperatingMode.Bits64;
        ulong cr0 = longMode
            ? Cr0.Paging | Cr0.WriteProtect | Cr0.NumericError | Cr0.ExtensionType | Cr0.MonitorCoprocessor | Cr0.ProtectionEnable
            : Cr0.ExtensionType | Cr0.ProtectionEnable;
        Vmcs.Write(VmcsField.GuestCr0, cr0 | (_cr0Owned & ~OwnedCacheBits));
        Vmcs.Write(VmcsField.Cr0ReadShadow, cr0);
        Vmcs.Write(VmcsField.GuestCr3, entry.Cr3);
        Vmcs.Write(VmcsField.GuestCr4, (longMode ? Platform.Processors.Cr4.PhysicalAddressExtension : 0) | _cr4Owned);
        Efer = longMode ? Platform.Processors.Efer.LongModeEnable | Platform.Processors.Efer.LongModeActive : 0;
        EntryControls controls = longMode ? VmxCapabilities.Entry : VmxCapabilities.Entry & ~EntryControls.Ia32eModeGuest;
        Vmcs.Write(VmcsField.EntryControls, VmxCapabilities.Adjust(ModelSpecificRegister.VmxTrueEntryControls, (uint)controls));
        WriteSegment(VmcsField.GuestCsSelector, entry.CodeSelector, 0, uint.MaxValue, longMode ? Code64 : Code32);
        WriteSegment(VmcsField.GuestDsSelector, entry.DataSelector, 0, uint.MaxValue, Data);
        WriteSegment(VmcsField.GuestEsSelector, entry.DataSelector, 0, uint.MaxValue, Data);
        WriteSegment(VmcsField.GuestSsSelector, entry.DataSelector, 0, uint.MaxValue, Data);
        WriteSegment(VmcsField.GuestFsSelector, entry.DataSelector, 0, uint.MaxValue, Data);
        WriteSegment(VmcsField.GuestGsSelector, entry.DataSelector, 0, uint.MaxValue, Data);
        WriteSegment(VmcsField.GuestTrSelector, 0, 0, 103, BusyTask);
        WriteSegment(VmcsField.GuestLdtrSelector, 0, 0, 0, Unusable);
        Vmcs.Write(VmcsField.GuestGdtrBase, entry.GdtBase);
        Vmcs.Write(VmcsField.GuestGdtrLimit, entry.GdtLimit);
        Vmcs.Write(VmcsField.GuestRip, entry.Rip);
        StackPointer = entry.Rsp;
        _registers.Rax = entry.Rax;
        _registers.Rbx = entry.Rbx;
        _registers.Rsi = entry.Rsi;
    }

    private void WriteControls()
    {
        _primaryControls = VmxCapabilities.Adjust(ModelSpecificRegister.VmxTruePrimaryControls, (uint)VmxCapabilities.Primary);
        Vmcs.Write(
            VmcsField.PinControls, VmxCapabilities.Adjust(ModelSpecificRegister.VmxTruePinControls, (uint)VmxCapabilities.Pin));
        Vmcs.Write(VmcsField.PrimaryControls, _primaryControls);
        Vmcs.Write(VmcsField.SecondaryControls, VmxCapabilities.AllSecondary);
        Vmcs.Write(
            VmcsField.ExitControls, VmxCapabilities.Adjust(ModelSpecificRegister.VmxTrueExitControls, (uint)VmxCapabilities.Exit));

        // Delivering these two can make the processor raise them again for ever, with no instruction in between to interrupt it.
        Vmcs.Write(VmcsField.ExceptionBitmap, (1u << AlignmentCheck) | (1u << DebugException));
    }

    /// <summary>The fields of a segment have the same distances for all of them.</summary>
    private static void WriteSegment(VmcsField selector, ushort value, ulong start, uint limit, uint rights)
    {
        uint distance = selector - VmcsField.GuestEsSelector;
        Vmcs.Write(selector, value);
        Vmcs.Write(VmcsField.GuestEsBase + distance, start);
        Vmcs.Write(VmcsField.GuestEsLimit + distance, limit);
        Vmcs.Write(VmcsField.GuestEsAccessRights + distance, rights);
    }
}
