using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Svm;

/// <content>INIT and the start-up IPI.</content>
internal unsafe partial struct SvmProcessor
{
    private const ushort RealCode = 0x9B;
    private const ushort RealData = 0x93;
    private const ushort PresentLdt = 0x82;
    private const uint RealLimit = 0xFFFF;
    private const ushort ResetSelector = 0xF000;
    private const ulong ResetBase = 0xFFFF_0000;
    private const ulong ResetRip = 0xFFF0;

    /// <summary>As the manual says, but for CR0.CD and NW: the guest would run without caches, and would slow down the others.</summary>
    public void Reset()
    {
        Vmcb* vmcb = _vmcb;
        vmcb->Cr0 = Cr0.ExtensionType;
        vmcb->Cr2 = 0;
        Cpu.WriteCr2(0);
        vmcb->Cr3 = 0;
        vmcb->Cr4 = 0;
        Efer = 0;
        vmcb->Rflags = Rflags.AlwaysOne;
        vmcb->Rip = ResetRip;
        vmcb->Rsp = 0;
        vmcb->Cpl = 0;
        vmcb->Dr6 = ResetDr6;
        vmcb->Dr7 = ResetDr7;
        vmcb->Cs = new VmcbSegment { Selector = ResetSelector, Attributes = RealCode, Limit = RealLimit, Base = ResetBase };
        var data = new VmcbSegment { Attributes = RealData, Limit = RealLimit };
        vmcb->Ds = data;
        vmcb->Es = data;
        vmcb->Ss = data;
        vmcb->Fs = data;
        vmcb->Gs = data;
        vmcb->Tr = new VmcbSegment { Attributes = BusyTask, Limit = RealLimit };
        vmcb->Ldtr = new VmcbSegment { Attributes = PresentLdt, Limit = RealLimit };
        vmcb->Gdtr = new VmcbSegment { Limit = RealLimit };
        vmcb->Idtr = new VmcbSegment { Limit = RealLimit };
        vmcb->EventInjection = 0;
        vmcb->InterruptShadow = 0;
        vmcb->VirtualInterrupt = VirtualInterruptMasking;
        vmcb->Intercept1 &= ~(Intercept1.VirtualInterrupt | Intercept1.InterruptReturn);
        _nonMaskable = NonMaskable.Free;
        _state.ClearDebugRegisters();
        _registers = default;
        _registers.Rdx = Cpu.Cpuid(1).Eax;
    }

    public readonly void Start(byte vector)
    {
        _vmcb->Cs = new VmcbSegment
        {
            Selector = (ushort)(vector << 8),
            Attributes = RealCode,
            Limit = RealLimit,
            Base = (ulong)vector << 12,
        };
        _vmcb->Rip = 0;
    }
}
