using System;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization;

/// <summary>
/// What CPUID tells a guest: the processor's own answer, narrowed by one table with a reason per row, computed once at start.
/// </summary>
internal unsafe struct GuestCpuid
{
    /// <summary>Frequency of the virtual local APIC's timer input, kHz.</summary>
    private const uint ApicFrequency = 1_000_000;

    private const uint BasicMaximum = 0xD;
    private const uint HypervisorFirst = 0x4000_0000;
    private const uint HypervisorLast = 0x4000_0010;
    private const uint ExtendedFirst = 0x8000_0000;
    private const uint ExtendedMaximum = 0x8000_0008;
    private const uint CacheLeaf = 4;
    private const uint StructuredFeatureLeaf = 7;
    private const uint TopologyLeaf = 0xB;
    private const uint SaveAreaLeaf = 0xD;
    private const uint SaveHeaderEnd = 576;
    private const uint FeatureLeaf = 1;
    private const uint OsXsave = 1 << 27;
    private const int Columns = 5;

    /// <summary>Leaves kept of each group: those from 0, from 4000_0000h and from 8000_0000h.</summary>
    private const uint GroupSize = 32;

    /// <summary>Basic leaves that need more than a look at the table: bit by leaf.</summary>
    private const uint Dynamic = (1u << (int)FeatureLeaf) | (1u << (int)CacheLeaf) | (1u << (int)StructuredFeatureLeaf)
        | (1u << (int)TopologyLeaf) | (1u << (int)SaveAreaLeaf);

    private const uint HyperThreading = 1 << 28;
    private const uint CoreMultiProcessing = 1 << 1;
    private const uint AuthenticAmdStart = 0x6874_7541;

    private Results _results;
    private uint _identifier;
    private uint _count;
    private uint _identifierBits;

    /// <summary>Answers for one processor of a machine, whose processors are cores of one package.</summary>
    /// <param name="tscKilohertz">Frequency of the guest's time-stamp counter.</param>
    /// <param name="identifier">Its APIC ID.</param>
    /// <param name="count">Processors of the machine, above the identifier.</param>
    public void Initialize(uint tscKilohertz, int identifier = 0, int count = 1)
    {
        _identifier = (uint)identifier;
        _count = (uint)count;
        _identifierBits = (uint)BitOperations.Log2((uint)(count * 2) - 1);
        uint basic = Math.Min(Cpu.Cpuid(0).Eax, BasicMaximum);
        uint extended = Math.Min(Cpu.Cpuid(ExtendedFirst).Eax, ExtendedMaximum);
        ReadOnlySpan<uint> masks = GuestCpuidMasks.Rows;
        for (int row = 0; row < masks.Length; row += Columns)
        {
            uint leaf = masks[row];
            if (leaf <= (leaf < ExtendedFirst ? basic : extended))
            {
                CpuidResult result = Cpu.Cpuid(leaf);
                result.Eax &= masks[row + 1];
                result.Ebx &= masks[row + 2];
                result.Ecx &= masks[row + 3];
                result.Edx &= masks[row + 4];
                At(leaf) = result;
            }
        }

        At(0).Eax = basic;
        At(ExtendedFirst).Eax = extended;
        At(FeatureLeaf).Ebx |= (_count << 16) | (_identifier << 24);
        if (_count > 1)
        {
            At(FeatureLeaf).Edx |= HyperThreading;
            At(ExtendedMaximum).Ecx = (_identifierBits << 12) | (_count - 1);
            At(ExtendedFirst + 1).Ecx |= At(0).Ebx == AuthenticAmdStart ? CoreMultiProcessing : 0;
        }

        At(FeatureLeaf).Ecx |= GuestCpuidMasks.Emulated;
        At(6).Eax = 1 << 2;
        At(HypervisorFirst) = Signature(HypervisorLast);
        At(HypervisorFirst + 1).Eax = GuestCpuidMasks.KvmFeatures;
        At(HypervisorLast).Eax = tscKilohertz;
        At(HypervisorLast).Ebx = ApicFrequency;
    }

    /// <summary>The same as <see cref="Answer"/> for the basic leaves that are the same at any time and for any sub-leaf.</summary>
    /// <returns>False, with nothing done, if it is none of those.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAnswer(ref GuestRegisters registers)
    {
        uint leaf = (uint)registers.Rax;
        if (leaf >= GroupSize || ((Dynamic >> (int)leaf) & 1) != 0)
        {
            return false;
        }

        Write(ref registers, in Row(0, leaf));
        return true;
    }

    /// <summary>Answers the guest in its registers: leaf in EAX, sub-leaf in ECX.</summary>
    /// <param name="registers">The guest's registers.</param>
    /// <param name="cr4">The guest's CR4, which OSXSAVE mirrors.</param>
    public void Answer(ref GuestRegisters registers, ulong cr4)
    {
        uint leaf = (uint)registers.Rax;
        uint group = leaf >> 28;
        uint row = leaf & 0x0FFF_FFFF;
        if (row < GroupSize && group <= 8 && (group & 3) == 0)
        {
            ref CpuidResult result = ref Row(group, row);
            if (leaf >= GroupSize || ((Dynamic >> (int)leaf) & 1) == 0)
            {
                Write(ref registers, in result);
            }
            else
            {
                Write(ref registers, Resolve(leaf, (uint)registers.Rcx, cr4, result));
            }
        }
        else
        {
            Write(ref registers, default);
        }
    }

    private readonly CpuidResult Resolve(uint leaf, uint subleaf, ulong cr4, CpuidResult result)
    {
        switch (leaf)
        {
            case FeatureLeaf:
                result.Ecx |= (cr4 & Cr4.OsXsave) != 0 ? OsXsave : 0;
                return result;
            case CacheLeaf:
                return Cache(subleaf);
            case TopologyLeaf:
                return Topology(subleaf);
            case SaveAreaLeaf:
                return SaveArea(subleaf, result);
            default:
                return subleaf == 0 ? result : default;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Write(ref GuestRegisters registers, in CpuidResult result)
    {
        registers.Rax = result.Eax;
        registers.Rbx = result.Ebx;
        registers.Rcx = result.Ecx;
        registers.Rdx = result.Edx;
    }

    private static CpuidResult Signature(uint maximum) => new()
    {
        Eax = maximum,
        Ebx = 0x4B4D_564B, // "KVMK"
        Ecx = 0x564B_4D56, // "VMKV"
        Edx = 0x0000_004D, // "M"
    };

    /// <summary>Cache shapes are the host's; how many processors share one is not.</summary>
    private readonly CpuidResult Cache(uint subleaf)
    {
        CpuidResult result = Cpu.Cpuid(CacheLeaf, subleaf);
        result.Eax &= 0x3FFF;
        result.Eax |= result.Eax == 0 ? 0 : ((1u << (int)_identifierBits) - 1) << 26;
        return result;
    }

    /// <summary>A thread a core, and cores in one package (Intel SDM volume 2, CPUID leaf 0Bh).</summary>
    private readonly CpuidResult Topology(uint subleaf) => new()
    {
        Eax = subleaf == 1 ? _identifierBits : 0,
        Ebx = subleaf switch { 0 => 1u, 1 => _count, _ => 0 },
        Ecx = (byte)subleaf | (subleaf switch { 0 => 0x100u, 1 => 0x200u, _ => 0u }),
        Edx = _identifier,
    };

    /// <summary>Sizes depend on the guest's own XCR0, which is live while it runs; only x87, SSE and AVX state is offered.</summary>
    private static CpuidResult SaveArea(uint subleaf, CpuidResult offered)
    {
        if (offered.Eax == 0 || subleaf > 2)
        {
            return default;
        }

        CpuidResult result = Cpu.Cpuid(SaveAreaLeaf, subleaf);
        if (subleaf == 0)
        {
            // What the largest area needs: the header's end, or AVX state's, the last offered, where the processor has it.
            CpuidResult avx = Cpu.Cpuid(SaveAreaLeaf, 2);
            result.Eax &= GuestCpuidMasks.ExtendedStates;
            result.Ecx = Math.Max(SaveHeaderEnd, avx.Eax + avx.Ebx);
            result.Edx = 0;
        }
        else if (subleaf == 1)
        {
            const uint XsaveoptXsavecXgetbv = 7;
            result = new CpuidResult { Eax = result.Eax & XsaveoptXsavecXgetbv, Ebx = result.Ebx };
        }

        return result;
    }

    [UnscopedRef]
    private ref CpuidResult At(uint leaf) => ref Row(leaf >> 28, leaf & 0x0FFF_FFFF);

    /// <summary>Groups are 0, 4 and 8; rows below <see cref="GroupSize"/>.</summary>
    [UnscopedRef]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref CpuidResult Row(uint group, uint row) => ref _results[(int)((group * (GroupSize / 4)) + row)];

    [InlineArray(3 * (int)GroupSize)]
    private struct Results
    {
        private CpuidResult _first;
    }
}
