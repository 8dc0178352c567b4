using System;

namespace Ember.Core.Virtualization;

/// <summary>Which of the processor's CPUID bits a guest sees (AMD APM volume 3, appendix E). Leaves without a row read zero.</summary>
internal static class GuestCpuidMasks
{
    /// <summary>Leaf 1 ECX bits that are there whatever the processor has: x2APIC (21) and TSC deadline (24) are emulated, and the
    /// hypervisor bit (31) says where to look for the leaves at 4000_0000h.</summary>
    public const uint Emulated = (1u << 21) | (1u << 24) | (1u << 31);

    /// <summary>Leaf 4000_0001h: the KVM clock under both its MSR pairs (0, 3), stable across processors (24), and ports need no
    /// delay after them (1).</summary>
    public const uint KvmFeatures = (1u << 0) | (1u << 1) | (1u << 3) | (1u << 24);

    /// <summary>x87, SSE and AVX: nothing wider is switched between guests yet.</summary>
    public const uint ExtendedStates = 7;

    private const uint All = uint.MaxValue;

    // SSE3, PCLMULQDQ, SSSE3, FMA, CMPXCHG16B, SSE4.1, SSE4.2, MOVBE, POPCNT, AES, XSAVE, AVX, F16C, RDRAND
    private const uint Leaf1Ecx = (1u << 0) | (1u << 1) | (1u << 9) | (1u << 12) | (1u << 13) | (1u << 19) | (1u << 20) | (1u << 22)
        | (1u << 23) | (1u << 25) | (1u << 26) | (1u << 28) | (1u << 29) | (1u << 30);

    // FPU, VME, DE, PSE, TSC, MSR, PAE, CX8, APIC, SEP, PGE, CMOV, PAT, PSE36, CLFLUSH, MMX, FXSR, SSE, SSE2
    private const uint Leaf1Edx = 0x17F | (1u << 9) | (1u << 11) | (1u << 13) | (1u << 15) | (1u << 16)
        | (1u << 17) | (1u << 19) | (1u << 23) | (1u << 24) | (1u << 25) | (1u << 26);

    // FSGSBASE, BMI1, AVX2, SMEP, BMI2, ERMS, INVPCID, RDSEED, ADX, SMAP, CLFLUSHOPT, CLWB, SHA
    private const uint Leaf7Ebx = (1u << 0) | (1u << 3) | (1u << 5) | (1u << 7) | (1u << 8) | (1u << 9) | (1u << 10) | (1u << 18)
        | (1u << 19) | (1u << 20) | (1u << 23) | (1u << 24) | (1u << 29);

    // UMIP, VAES, VPCLMULQDQ, RDPID
    private const uint Leaf7Ecx = (1u << 2) | (1u << 9) | (1u << 10) | (1u << 22);

    // LAHF in long mode, ABM, SSE4A, misaligned SSE, 3DNow! prefetch
    private const uint Extended1Ecx = (1u << 0) | (1u << 5) | (1u << 6) | (1u << 7) | (1u << 8);

    // as leaf 1, with SYSCALL, NX, MMX extensions, FFXSR, 1 GiB pages, RDTSCP, long mode
    private const uint Extended1Edx = 0x0183_A37F | (1u << 11) | (1u << 20) | (1u << 22) | (1u << 25)
        | (1u << 26) | (1u << 27) | (1u << 29);

    /// <summary>Rows of leaf, EAX, EBX, ECX, EDX.</summary>
    public static ReadOnlySpan<uint> Rows =>
    [
        0x0000_0000, All, All, All, All,                       // vendor: guests pick errata and idle code by it
        0x0000_0001, All, 0x0000_FF00, Leaf1Ecx, Leaf1Edx,     // no MONITOR, machine checks, MTRRs, performance or debug stores
        0x0000_0002, All, All, All, All,                       // cache descriptors
        0x0000_0004, All, All, All, All,                       // cache shapes; sharing is removed when read
        0x0000_0007, 0, Leaf7Ebx, Leaf7Ecx, 1u << 4,           // no AVX-512, keys, 5-level paging; fast short REP MOV
        0x0000_000D, All, All, All, All,                       // save area; narrowed when read
        0x8000_0000, All, All, All, All,                       // vendor again
        0x8000_0001, All, 0, Extended1Ecx, Extended1Edx,       // no SVM, topology, performance counters: not emulated
        0x8000_0002, All, All, All, All,                       // name
        0x8000_0003, All, All, All, All,                       // name
        0x8000_0004, All, All, All, All,                       // name
        0x8000_0005, All, All, All, All,                       // first-level caches and TLBs
        0x8000_0006, All, All, All, All,                       // second- and third-level caches
        0x8000_0007, 0, 0, 0, 1u << 8,                         // only whether the TSC is invariant
        0x8000_0008, 0x0000_FFFF, 1u << 0, 0, 0,               // address sizes, CLZERO; one core
    ];
}
