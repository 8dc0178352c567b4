using System;
using System.Collections.Generic;
using System.Linq;
using Ember.Core.Tests.Hosting;
using Ember.Core.Virtualization;
using Ember.Platform.Processors;

namespace Ember.Core.Tests.Virtualization;

/// <summary>What a guest may learn from CPUID, on processors that have everything, nothing and anything in between.</summary>
public sealed class GuestCpuidTests
{
    private const ulong OsXsave = 1 << 18;
    private const uint EmulatedEcx = (1u << 21) | (1u << 24) | (1u << 31);
    private readonly FakeHardware _hardware = new();

    /// <summary>AMD APM volume 3, appendix E: leaf, register (0 EAX to 3 EDX), bit. Nothing of these is emulated or switched.</summary>
    private static readonly (uint Leaf, int Register, int Bit)[] _never =
    [
        (1, 2, 2), (1, 2, 3), (1, 2, 4), (1, 2, 5), (1, 2, 6), (1, 2, 7), (1, 2, 8), // DTES64, MONITOR, DS-CPL, VMX, SMX, EIST, TM2
        (1, 2, 15), (1, 2, 17), (1, 2, 18), (1, 2, 27), // PDCM, PCID, DCA, OSXSAVE with CR4 clear
        (1, 3, 7), (1, 3, 12), (1, 3, 14), (1, 3, 21), (1, 3, 22), (1, 3, 28), (1, 3, 29), // MCE, MTRR, MCA, DS, ACPI, HTT, TM
        (7, 1, 1), (7, 1, 2), (7, 1, 4), (7, 1, 11), (7, 1, 12), (7, 1, 14), (7, 1, 15), // TSC_ADJUST, SGX, HLE, RTM, PQM, MPX, PQE
        (7, 1, 16), (7, 1, 17), (7, 1, 21), (7, 1, 26), (7, 1, 27), (7, 1, 28), (7, 1, 30), (7, 1, 31), // AVX-512
        (7, 1, 25), (7, 2, 1), (7, 2, 3), (7, 2, 4), (7, 2, 5), (7, 2, 6), (7, 2, 7), // PT, AVX512, PKU, OSPKE, WAITPKG, AVX512, CET_SS
        (7, 2, 11), (7, 2, 12), (7, 2, 14), (7, 2, 16), (7, 3, 2), (7, 3, 3), (7, 3, 20), (7, 3, 22), (7, 3, 24), (7, 3, 29),
        (0xD, 0, 3), (0xD, 0, 5), (0xD, 0, 6), (0xD, 0, 7), (0xD, 0, 9), (0xD, 0, 17), // save areas of what is not offered
        (0x8000_0001, 2, 1), (0x8000_0001, 2, 2), (0x8000_0001, 2, 3), (0x8000_0001, 2, 10), (0x8000_0001, 2, 12), // CMP, SVM, APIC, IBS, SKINIT
        (0x8000_0001, 2, 15), (0x8000_0001, 2, 22), (0x8000_0001, 2, 23), (0x8000_0001, 2, 29), // LWP, topology, PERFCTR, MONITORX
        (0x8000_0001, 3, 7), (0x8000_0001, 3, 12), (0x8000_0001, 3, 14), (0x8000_0008, 1, 4), (0x8000_0008, 1, 12),
    ];

    /// <summary>Bits that are there whatever the processor has: leaf 0's counts and what this core makes up itself.</summary>
    private static readonly Dictionary<(uint Leaf, int Register), uint> _madeUp = new()
    {
        [(1, 1)] = 0x0001_0000,
        [(1, 2)] = EmulatedEcx,
        [(6, 0)] = 4,
    };

    [Fact]
    public void A_processor_that_has_everything_shows_nothing_that_is_not_emulated()
    {
        GuestCpuid cpuid = On((_, _) => All(uint.MaxValue));
        foreach ((uint leaf, int register, int bit) in _never)
        {
            Assert.True((Ask(cpuid, leaf)[register] >> bit & 1) == 0, $"leaf {leaf:X} register {register} bit {bit}");
        }

        Assert.Equal([0xDu, uint.MaxValue, uint.MaxValue, uint.MaxValue], Ask(cpuid, 0));
        Assert.Equal(0x8000_0008u, Ask(cpuid, 0x8000_0000)[0]);
        Assert.Equal([0u, 0u, 0u, 0x100u], Ask(cpuid, 0x8000_0007));
        Assert.Equal([0xFFFFu, 1u, 0u, 0u], Ask(cpuid, 0x8000_0008));
    }

    [Fact]
    public void A_processor_that_has_nothing_shows_what_is_made_up()
    {
        GuestCpuid cpuid = On((_, _) => default);
        foreach (uint leaf in Leaves().Where(leaf => leaf >> 28 != 4 && leaf != 0xB && leaf < 0xC000_0000))
        {
            uint[] answer = Ask(cpuid, leaf);
            for (int register = 0; register < 4; register++)
            {
                Assert.Equal((leaf, register, _madeUp.GetValueOrDefault((leaf, register))), (leaf, register, answer[register]));
            }
        }
    }

    [Fact]
    public void A_guest_never_sees_a_bit_the_processor_lacks()
    {
        var random = new Random(4);
        for (int round = 0; round < 200; round++)
        {
            var host = new Dictionary<(uint, uint), CpuidResult>();
            CpuidResult Host(uint leaf, uint subleaf)
            {
                if (!host.TryGetValue((leaf, subleaf), out CpuidResult result))
                {
                    uint Next() => (uint)random.NextInt64(1L << 32);
                    result = new CpuidResult { Eax = leaf == 0xD ? Next() | 3 : Next(), Ebx = Next(), Ecx = Next(), Edx = Next() };
                    host[(leaf, subleaf)] = result;
                }

                return result;
            }

            GuestCpuid cpuid = On((leaf, subleaf) => leaf switch
            {
                0 => new CpuidResult { Eax = 0x10 },
                0x8000_0000 => new CpuidResult { Eax = 0x8000_001F },
                _ => Host(leaf, subleaf),
            });
            uint[] checkedLeaves =
                [1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xC, 0xE, 0xF, 0x10, 0x14, .. Enumerable.Range(1, 0x1F).Select(i => 0x8000_0000u + (uint)i)];
            foreach (uint leaf in checkedLeaves)
            {
                uint[] guest = Ask(cpuid, leaf);
                CpuidResult real = Host(leaf, 0);
                uint[] offered = [real.Eax, real.Ebx, real.Ecx, real.Edx];
                for (int register = 0; register < 4; register++)
                {
                    uint extra = guest[register] & ~offered[register] & ~_madeUp.GetValueOrDefault((leaf, register));
                    Assert.True(extra == 0, $"leaf {leaf:X} register {register} has {extra:X8}");
                }
            }
        }
    }

    [Theory]
    [InlineData(0xEu)]
    [InlineData(0x1Fu)]
    [InlineData(0x20u)]
    [InlineData(0x0FFF_FFFFu)]
    [InlineData(0x1000_0000u)]
    [InlineData(0x1000_0001u)]
    [InlineData(0x2000_0001u)]
    [InlineData(0x4000_0002u)]
    [InlineData(0x4000_0011u)]
    [InlineData(0x4000_0020u)]
    [InlineData(0x4000_0100u)]
    [InlineData(0x7000_0001u)]
    [InlineData(0x8000_0009u)]
    [InlineData(0x8000_000Au)]
    [InlineData(0x8000_001Eu)]
    [InlineData(0x8000_0020u)]
    [InlineData(0x8086_0000u)]
    [InlineData(0xC000_0000u)]
    [InlineData(0xC000_0001u)]
    [InlineData(0xFFFF_FFFFu)]
    public void Leaves_there_are_none_of_read_zero(uint leaf) =>
        Assert.Equal([0u, 0u, 0u, 0u], Ask(On((_, _) => All(uint.MaxValue)), leaf));

    [Fact]
    public void Only_the_low_halves_of_the_registers_ask_and_all_of_them_answer()
    {
        GuestCpuid cpuid = On((_, _) => All(0x8765_4321));
        GuestRegisters registers = default;
        registers.Rax = 0xFFFF_FFFF_8000_0002;
        registers.Rbx = registers.Rcx = registers.Rdx = ulong.MaxValue;
        registers.Rsi = 0x1234;
        cpuid.Answer(ref registers, 0);
        (ulong, ulong, ulong, ulong, ulong) answer = (registers.Rax, registers.Rbx, registers.Rcx, registers.Rdx, registers.Rsi);
        Assert.Equal((0x8765_4321ul, 0x8765_4321ul, 0x8765_4321ul, 0x8765_4321ul, 0x1234ul), answer);
    }

    [Fact]
    public void Osxsave_follows_the_guests_cr4()
    {
        GuestCpuid cpuid = On((_, _) => All(uint.MaxValue));
        Assert.Equal(0u, Ask(cpuid, 1)[2] & (1u << 27));
        Assert.Equal(1u << 27, Ask(cpuid, 1, 0, OsXsave)[2] & (1u << 27));
        Assert.Equal(0u, Ask(cpuid, 1, 0, ~OsXsave)[2] & (1u << 27));
    }

    [Fact]
    public void The_hypervisor_says_who_it_is_and_how_fast_its_clocks_run()
    {
        GuestCpuid cpuid = On((_, _) => default);
        uint[] signature = Ask(cpuid, 0x4000_0000);
        Assert.Equal(0x4000_0010u, signature[0]);
        Assert.Equal("KVMKVMKVM\0\0\0", string.Concat(signature[1..].SelectMany(BitConverter.GetBytes).Select(value => (char)value)));
        Assert.Equal([(1u << 0) | (1u << 1) | (1u << 3) | (1u << 24), 0u, 0u, 0u], Ask(cpuid, 0x4000_0001));
        Assert.Equal([2_500_000u, 1_000_000u, 0u, 0u], Ask(cpuid, 0x4000_0010));
    }

    [Fact]
    public void Caches_keep_their_shape_and_lose_who_shares_them()
    {
        GuestCpuid cpuid = On((leaf, subleaf) => leaf == 4
            ? new CpuidResult { Eax = 0xFFFF_C121 + (subleaf << 5), Ebx = subleaf, Ecx = 63, Edx = 1 }
            : All(0x8000_000D));
        Assert.Equal([0x121u, 0u, 63u, 1u], Ask(cpuid, 4, 0));
        Assert.Equal([0x161u, 2u, 63u, 1u], Ask(cpuid, 4, 2));
    }

    [Fact]
    public void Structured_features_have_one_sub_leaf()
    {
        GuestCpuid cpuid = On((_, _) => All(uint.MaxValue));
        Assert.NotEqual(0u, Ask(cpuid, 7, 0)[1]);
        Assert.Equal(0u, Ask(cpuid, 7, 0)[0]);
        Assert.Equal([0u, 0u, 0u, 0u], Ask(cpuid, 7, 1));
        Assert.Equal([0u, 0u, 0u, 0u], Ask(cpuid, 7, uint.MaxValue));
    }

    /// <summary>ECX: sub-leaf's low byte, level type in bits 15:8; none behind thread (1) and core (2).</summary>
    [Theory]
    [InlineData(0u, 1u, 0x100u)]
    [InlineData(1u, 1u, 0x201u)]
    [InlineData(2u, 0u, 0x002u)]
    [InlineData(0xFFu, 0u, 0x0FFu)]
    [InlineData(0x100u, 0u, 0x000u)]
    [InlineData(0x1234_5678u, 0u, 0x078u)]
    public void The_topology_is_one_thread_of_one_core(uint subleaf, uint processors, uint level) =>
        Assert.Equal([0u, processors, level, 0u], Ask(On((_, _) => All(uint.MaxValue)), 0xB, subleaf));

    [Fact]
    public void Save_areas_are_those_of_x87_sse_and_avx()
    {
        // A processor with AVX-512 and protection keys, whose live XCR0 has x87, SSE and AVX.
        GuestCpuid cpuid = On((leaf, subleaf) => (leaf, subleaf) switch
        {
            (0xD, 0) => new CpuidResult { Eax = 0x2E7, Ebx = 832, Ecx = 2696 },
            (0xD, 1) => new CpuidResult { Eax = 0x1F, Ebx = 832, Ecx = 0x1800, Edx = 0 },
            (0xD, 2) => new CpuidResult { Eax = 256, Ebx = 576 },
            (0xD, _) => new CpuidResult { Eax = 64, Ebx = 1088 },
            _ => All(0x8000_000D),
        });
        Assert.Equal([7u, 832u, 832u, 0u], Ask(cpuid, 0xD, 0));

        // XSAVEC saves compacted areas, so a guest asks how large those are; XSAVES it does not have.
        Assert.Equal([7u, 832u, 0u, 0u], Ask(cpuid, 0xD, 1));
        Assert.Equal([256u, 576u, 0u, 0u], Ask(cpuid, 0xD, 2));
        Assert.Equal([0u, 0u, 0u, 0u], Ask(cpuid, 0xD, 3));
        Assert.Equal([0u, 0u, 0u, 0u], Ask(cpuid, 0xD, 9));
    }

    [Fact]
    public void Without_avx_the_save_area_ends_with_its_header()
    {
        GuestCpuid cpuid = On((leaf, subleaf) => (leaf, subleaf) switch
        {
            (0xD, 0) => new CpuidResult { Eax = 0x203, Ebx = 576, Ecx = 2696 },
            (0xD, _) => default,
            _ => All(0x8000_000D),
        });
        Assert.Equal([3u, 576u, 576u, 0u], Ask(cpuid, 0xD, 0));
    }

    private static CpuidResult All(uint value) => new() { Eax = value, Ebx = value, Ecx = value, Edx = value };

    private static IEnumerable<uint> Leaves() =>
        Enumerable.Range(0, 4 * 40).Select(i => ((uint)(i / 40) << 30) + (uint)(i % 40));

    private GuestCpuid On(Func<uint, uint, CpuidResult> processor)
    {
        _hardware.CpuidLeaves.Clear();
        foreach (uint leaf in Leaves())
        {
            for (uint subleaf = 0; subleaf < 16; subleaf++)
            {
                _hardware.CpuidLeaves[(leaf, subleaf)] = processor(leaf, subleaf);
            }
        }

        GuestCpuid cpuid = default;
        cpuid.Initialize(2_500_000);
        return cpuid;
    }

    private static uint[] Ask(GuestCpuid cpuid, uint leaf, uint subleaf = 0, ulong cr4 = 0)
    {
        GuestRegisters registers = default;
        registers.Rax = leaf;
        registers.Rcx = subleaf;
        GuestRegisters quick = registers;
        cpuid.Answer(ref registers, cr4);
        uint[] answer = Results(registers);
        Assert.True(!cpuid.TryAnswer(ref quick) || Results(quick).SequenceEqual(answer), $"leaf {leaf:X}, {subleaf}");
        return answer;
    }

    private static uint[] Results(in GuestRegisters registers) =>
        [(uint)registers.Rax, (uint)registers.Rbx, (uint)registers.Rcx, (uint)registers.Rdx];
}
