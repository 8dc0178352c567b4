using System;
using System.Runtime.CompilerServices;

namespace Ember.Core.Virtualization.Vmx;

/// <summary>Basic exit reasons (Intel SDM volume 3, appendix C) and what they mean here.</summary>
internal static class VmxExitReason
{
    /// <summary>A control register was written; resolved in this back end.</summary>
    public const ushort ControlRegister = 28;

    /// <summary>Set when the guest was not entered at all.</summary>
    private const uint EntryFailure = 1u << 31;

    private const byte None = (byte)ExitKind.Unknown;

    private static ReadOnlySpan<byte> Kinds =>
    [
        (byte)ExitKind.Exception,           // 0 exception or NMI
        (byte)ExitKind.HostInterrupt,       // 1 external interrupt
        (byte)ExitKind.Shutdown,            // 2 triple fault
        (byte)ExitKind.HostInterrupt,       // 3 INIT
        None, None, None,                   // 4 start-up IPI, 5 I/O SMI, 6 other SMI
        (byte)ExitKind.InterruptWindow,     // 7 interrupt window
        (byte)ExitKind.InterruptWindow,     // 8 NMI window
        None,                               // 9 task switch
        (byte)ExitKind.Cpuid,               // 10 CPUID
        (byte)ExitKind.Undefined,           // 11 GETSEC
        (byte)ExitKind.Halt,                // 12 HLT
        (byte)ExitKind.Nothing,             // 13 INVD
        None,                               // 14 INVLPG
        (byte)ExitKind.Protected,           // 15 RDPMC
        None, None,                         // 16 RDTSC, 17 RSM
        (byte)ExitKind.Undefined,           // 18 VMCALL
        (byte)ExitKind.Undefined,           // 19 VMCLEAR
        (byte)ExitKind.Undefined,           // 20 VMLAUNCH
        (byte)ExitKind.Undefined,           // 21 VMPTRLD
        (byte)ExitKind.Undefined,           // 22 VMPTRST
        (byte)ExitKind.Undefined,           // 23 VMREAD
        (byte)ExitKind.Undefined,           // 24 VMRESUME
        (byte)ExitKind.Undefined,           // 25 VMWRITE
        (byte)ExitKind.Undefined,           // 26 VMXOFF
        (byte)ExitKind.Undefined,           // 27 VMXON
        (byte)ExitKind.Resolved,            // 28 control register
        None,                               // 29 debug register
        (byte)ExitKind.PortRead,            // 30 I/O
        (byte)ExitKind.MsrRead,             // 31 RDMSR
        (byte)ExitKind.MsrWrite,            // 32 WRMSR
        (byte)ExitKind.InvalidState,        // 33 entry failure: guest state
        (byte)ExitKind.InvalidState,        // 34 entry failure: MSR loading
        None,                               // 35
        (byte)ExitKind.Undefined,           // 36 MWAIT
        None, None,                         // 37 monitor trap flag, 38
        (byte)ExitKind.Undefined,           // 39 MONITOR
        None,                               // 40 PAUSE
        (byte)ExitKind.InvalidState,        // 41 entry failure: machine check
        None, None, None, None, None, None, // 42 to 47 descriptor tables
        (byte)ExitKind.Memory,              // 48 EPT violation
        None,                               // 49 EPT misconfiguration
        (byte)ExitKind.Undefined,           // 50 INVEPT
        None, None,                         // 51 RDTSCP, 52 preemption timer
        (byte)ExitKind.Undefined,           // 53 INVVPID
        (byte)ExitKind.Nothing,             // 54 WBINVD
        (byte)ExitKind.SetExtendedControl,  // 55 XSETBV
    ];

    /// <summary>What the exit-reason field means; a port access is given as the read, whichever it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ExitKind KindOf(uint reason)
    {
        return reason < (uint)Kinds.Length ? (ExitKind)Kinds[(int)reason] : KindOfFlagged(reason);
    }

    /// <summary>Bits 16 to 31 say what else there is to an exit.</summary>
    private static ExitKind KindOfFlagged(uint reason)
    {
        uint row = reason & 0xFFFF;
        return (reason & EntryFailure) != 0
            ? ExitKind.InvalidState
            : row < (uint)Kinds.Length ? (ExitKind)Kinds[(int)row] : ExitKind.Unknown;
    }
}
