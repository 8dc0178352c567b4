using System.Runtime.InteropServices;

namespace Ember.Core.Virtualization.Svm;

/// <summary>The virtual machine control block (AMD APM volume 2, appendix B): the fields this core uses.</summary>
[StructLayout(LayoutKind.Explicit, Size = 4096)]
internal struct Vmcb
{
    [FieldOffset(0x008)]
    public uint InterceptExceptions;

    [FieldOffset(0x00C)]
    public Intercept1 Intercept1;

    [FieldOffset(0x010)]
    public Intercept2 Intercept2;

    [FieldOffset(0x040)]
    public ulong IoPermissionsBase;

    [FieldOffset(0x048)]
    public ulong MsrPermissionsBase;

    [FieldOffset(0x050)]
    public ulong TscOffset;

    [FieldOffset(0x058)]
    public uint Asid;

    /// <summary>0: nothing, 1: flush every ASID's translations at the next VMRUN.</summary>
    [FieldOffset(0x05C)]
    public byte TlbControl;

    /// <summary>V_TPR (7:0), V_IRQ (8), V_INTR_PRIO (19:16), V_IGN_TPR (20), V_INTR_MASKING (24), V_INTR_VECTOR (39:32).</summary>
    [FieldOffset(0x060)]
    public ulong VirtualInterrupt;

    /// <summary>Bit 0: the guest is in an interrupt shadow.</summary>
    [FieldOffset(0x068)]
    public ulong InterruptShadow;

    [FieldOffset(0x070)]
    public ulong ExitCode;

    [FieldOffset(0x078)]
    public ulong ExitInfo1;

    [FieldOffset(0x080)]
    public ulong ExitInfo2;

    /// <summary>The event whose delivery the exit interrupted, in the format of <see cref="EventInjection"/>.</summary>
    [FieldOffset(0x088)]
    public ulong ExitInterruptInfo;

    /// <summary>Bit 0: nested paging.</summary>
    [FieldOffset(0x090)]
    public ulong NestedControl;

    [FieldOffset(0x0A8)]
    public ulong EventInjection;

    [FieldOffset(0x0B0)]
    public ulong NestedCr3;

    /// <summary>Address of the next instruction, on processors with NRIP save.</summary>
    [FieldOffset(0x0C8)]
    public ulong NextRip;

    [FieldOffset(0x400)]
    public VmcbSegment Es;

    [FieldOffset(0x410)]
    public VmcbSegment Cs;

    [FieldOffset(0x420)]
    public VmcbSegment Ss;

    [FieldOffset(0x430)]
    public VmcbSegment Ds;

    [FieldOffset(0x440)]
    public VmcbSegment Fs;

    [FieldOffset(0x450)]
    public VmcbSegment Gs;

    [FieldOffset(0x460)]
    public VmcbSegment Gdtr;

    [FieldOffset(0x470)]
    public VmcbSegment Ldtr;

    [FieldOffset(0x480)]
    public VmcbSegment Idtr;

    [FieldOffset(0x490)]
    public VmcbSegment Tr;

    [FieldOffset(0x4CB)]
    public byte Cpl;

    [FieldOffset(0x4D0)]
    public ulong Efer;

    [FieldOffset(0x548)]
    public ulong Cr4;

    [FieldOffset(0x550)]
    public ulong Cr3;

    [FieldOffset(0x558)]
    public ulong Cr0;

    [FieldOffset(0x560)]
    public ulong Dr7;

    [FieldOffset(0x568)]
    public ulong Dr6;

    [FieldOffset(0x570)]
    public ulong Rflags;

    [FieldOffset(0x578)]
    public ulong Rip;

    [FieldOffset(0x5D8)]
    public ulong Rsp;

    [FieldOffset(0x5F8)]
    public ulong Rax;

    [FieldOffset(0x640)]
    public ulong Cr2;

    [FieldOffset(0x668)]
    public ulong GuestPat;
}

/// <summary>A segment register in the VMCB (AMD APM volume 2, section 15.5.1 and appendix B).</summary>
[StructLayout(LayoutKind.Explicit, Size = 16)]
internal struct VmcbSegment
{
    [FieldOffset(0)]
    public ushort Selector;

    /// <summary>Descriptor bits 40 to 47 in bits 0 to 7, bits 52 to 55 in bits 8 to 11.</summary>
    [FieldOffset(2)]
    public ushort Attributes;

    [FieldOffset(4)]
    public uint Limit;

    [FieldOffset(8)]
    public ulong Base;
}
