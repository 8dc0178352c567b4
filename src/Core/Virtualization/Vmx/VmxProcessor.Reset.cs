using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Vmx;

/// <content>INIT and the start-up IPI.</content>
internal unsafe partial struct VmxProcessor
{
    private const uint RealCode = 0x9B;
    private const uint RealData = 0x93;
    private const uint PresentLdt = 0x82;
    private const uint RealLimit = 0xFFFF;
    private const ushort ResetSelector = 0xF000;
    private const ulong ResetBase = 0xFFFF_0000;
    private const ulong ResetRip = 0xFFF0;
    private const ulong ResetCr0 = OwnedCacheBits | Cr0.ExtensionType;

    public void Reset()
    {
        _registers = default;
        _registers.Rdx = Cpu.Cpuid(1).Eax;
        Vmcs.Write(VmcsField.GuestCr0, Cr0.ExtensionType | (_cr0Owned & ~OwnedCacheBits));
        Vmcs.Write(VmcsField.Cr0ReadShadow, ResetCr0);
        Vmcs.Write(VmcsField.GuestCr3, 0);
        Vmcs.Write(VmcsField.GuestCr4, _cr4Owned);
        Efer = 0;
        Vmcs.Write(
            VmcsField.EntryControls,
            VmxCapabilities.Adjust(
                ModelSpecificRegister.VmxTrueEntryControls, (uint)(VmxCapabilities.Entry & ~EntryControls.Ia32eModeGuest)));
        WriteSegment(VmcsField.GuestCsSelector, ResetSelector, ResetBase, RealLimit, RealCode);
        WriteSegment(VmcsField.GuestDsSelector, 0, 0, RealLimit, RealData);
        WriteSegment(VmcsField.GuestEsSelector, 0, 0, RealLimit, RealData);
        WriteSegment(VmcsField.GuestSsSelector, 0, 0, RealLimit, RealData);
        WriteSegment(VmcsField.GuestFsSelector, 0, 0, RealLimit, RealData);
        WriteSegment(VmcsField.GuestGsSelector, 0, 0, RealLimit, RealData);
        WriteSegment(VmcsField.GuestTrSelector, 0, 0, RealLimit, BusyTask);
        WriteSegment(VmcsField.GuestLdtrSelector, 0, 0, RealLimit, PresentLdt);
        Vmcs.Write(VmcsField.GuestGdtrBase, 0);
        Vmcs.Write(VmcsField.GuestGdtrLimit, RealLimit);
        Vmcs.Write(VmcsField.GuestIdtrBase, 0);
        Vmcs.Write(VmcsField.GuestIdtrLimit, RealLimit);
        Vmcs.Write(VmcsField.GuestDr7, ResetDr7);
        Vmcs.Write(VmcsField.GuestRflags, Rflags.AlwaysOne);
        Vmcs.Write(VmcsField.GuestRip, ResetRip);
        Vmcs.Write(VmcsField.GuestInterruptibility, 0);
        StackPointer = 0;
        Cpu.WriteDr6(AlwaysOneInDr6);
        Cpu.WriteCr2(0);
        _state.ClearDebugRegisters();
        _event = 0;
        SetPrimaryControls(
            _primaryControls & ~(ulong)(PrimaryControls.InterruptWindowExiting | PrimaryControls.NmiWindowExiting));
    }

    public readonly void Start(byte vector)
    {
        WriteSegment(VmcsField.GuestCsSelector, (ushort)(vector << 8), (ulong)vector << 12, RealLimit, RealCode);
        Vmcs.Write(VmcsField.GuestRip, 0);
    }
}
