using System;
using System.Runtime.CompilerServices;

namespace Ember.Core.Virtualization.Svm;

/// <summary>#VMEXIT codes (AMD APM volume 2, appendix C) and what they mean here.</summary>
internal static class SvmExitCode
{
    /// <summary>Exceptions have 40h to 5Fh, by vector.</summary>
    public const uint FirstException = 0x40;

    private const uint NestedPageFault = 0x400;

    /// <summary>All ones in hardware; QEMU 7.2 stores only the low half, so only that is compared.</summary>
    private const uint Invalid = 0xFFFF_FFFF;

    private const uint FirstInTable = 0x60;

    private const byte None = (byte)ExitKind.Unknown;

    /// <summary>Codes 60h to 8Fh.</summary>
    private static ReadOnlySpan<byte> Kinds =>
    [
        (byte)ExitKind.HostInterrupt,       // 60h INTR
        (byte)ExitKind.HostInterrupt,       // 61h NMI
        None,                               // 62h SMI
        (byte)ExitKind.HostInterrupt,       // 63h INIT
        (byte)ExitKind.InterruptWindow,     // 64h VINTR
        None, None, None, None, None, None, // 65h CR0_SEL_WRITE to 6Ah
        None, None, None, None,             // 6Bh to 6Eh RDTSC
        (byte)ExitKind.Protected,           // 6Fh RDPMC
        None, None,                         // 70h PUSHF, 71h POPF
        (byte)ExitKind.Cpuid,               // 72h CPUID
        None,                               // 73h RSM
        (byte)ExitKind.Resolved,            // 74h IRET
        None,                               // 75h SWINT
        (byte)ExitKind.Nothing,             // 76h INVD
        None,                               // 77h PAUSE
        (byte)ExitKind.Halt,                // 78h HLT
        None,                               // 79h INVLPG
        (byte)ExitKind.Undefined,           // 7Ah INVLPGA
        (byte)ExitKind.PortRead,            // 7Bh IOIO
        (byte)ExitKind.MsrRead,             // 7Ch MSR
        None,                               // 7Dh TASK_SWITCH
        (byte)ExitKind.Nothing,             // 7Eh FERR_FREEZE
        (byte)ExitKind.Shutdown,            // 7Fh SHUTDOWN
        (byte)ExitKind.Undefined,           // 80h VMRUN
        (byte)ExitKind.Undefined,           // 81h VMMCALL
        (byte)ExitKind.Undefined,           // 82h VMLOAD
        (byte)ExitKind.Undefined,           // 83h VMSAVE
        (byte)ExitKind.Undefined,           // 84h STGI
        (byte)ExitKind.Undefined,           // 85h CLGI
        (byte)ExitKind.Undefined,           // 86h SKINIT
        None, None,                         // 87h RDTSCP, 88h ICEBP
        (byte)ExitKind.Nothing,             // 89h WBINVD
        (byte)ExitKind.Undefined,           // 8Ah MONITOR
        (byte)ExitKind.Undefined,           // 8Bh MWAIT
        (byte)ExitKind.Undefined,           // 8Ch MWAIT_CONDITIONAL
        (byte)ExitKind.SetExtendedControl,  // 8Dh XSETBV
        (byte)ExitKind.Undefined,           // 8Eh RDPRU
        None,                               // 8Fh EFER_WRITE_TRAP
    ];

    /// <summary>What a code means; a port or MSR access is given as the read, whichever it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ExitKind KindOf(uint code)
    {
        uint row = code - FirstInTable;
        return row < (uint)Kinds.Length ? (ExitKind)Kinds[(int)row] : KindOfRare(code);
    }

    private static ExitKind KindOfRare(uint code) => code switch
    {
        NestedPageFault => ExitKind.Memory,
        Invalid => ExitKind.InvalidState,
        >= FirstException and < FirstInTable => ExitKind.Exception,
        _ => ExitKind.Unknown,
    };
}
