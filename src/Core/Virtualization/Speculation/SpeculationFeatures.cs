using System.Runtime.CompilerServices;
using Ember.Platform.Processors;

namespace Ember.Core.Virtualization.Speculation;

/// <summary>What the current processor says of speculation.</summary>
[InlineArray(8)]
internal struct SpeculationFeatures
{
    private const uint Hypervisor = 1u << 31;

    private uint _first;

    /// <summary>Asks the current processor.</summary>
    public static SpeculationFeatures Read()
    {
        SpeculationFeatures features = default;
        CpuidResult vendor = Cpu.Cpuid(0);
        if (vendor.Eax >= 7)
        {
            CpuidResult structured = Cpu.Cpuid(7);
            features[0] = structured.Edx;
            features[1] = structured.Ebx;
            features[2] = structured.Eax >= 2 ? Cpu.Cpuid(7, 2).Edx : 0;
        }

        uint extended = Cpu.Cpuid(0x8000_0000).Eax;
        features[3] = extended >= 0x8000_0008 ? Cpu.Cpuid(0x8000_0008).Ebx : 0;
        if (extended >= 0x8000_0021)
        {
            CpuidResult second = Cpu.Cpuid(0x8000_0021);
            features[4] = second.Eax;
            features[5] = second.Ecx;
        }

        if (features.Has(SpeculationFeature.Capabilities))
        {
            features[6] = (uint)Cpu.ReadMsr(ModelSpecificRegister.ArchitecturalCapabilities);
        }

        features[7] = Bit(SpeculationFeature.Always);
        if (vendor.Ebx == 0x756E_6547)
        {
            features[7] |= Bit(SpeculationFeature.Intel);
        }
        else
        {
            features[7] |= OfFamily(Cpu.Cpuid(1));
        }

        return features;
    }

    /// <summary>Whether the processor says so.</summary>
    public readonly bool Has(SpeculationFeature feature) => ((this[(int)feature / 32] >> ((int)feature % 32)) & 1) != 0;

    /// <summary>Families above 0Fh are the sum of both fields. LS_CFG is not there in a virtual machine.</summary>
    private static uint OfFamily(CpuidResult features)
    {
        uint family = ((features.Eax >> 8) & 0xF) + ((features.Eax >> 20) & 0xFF);
        uint bits = family >= 0x10 ? Bit(SpeculationFeature.Amd) : 0;
        bits |= family is >= 0x17 and <= 0x19 ? Bit(SpeculationFeature.AmdZen) : 0;
        if ((features.Ecx & Hypervisor) == 0)
        {
            bits |= family switch
            {
                0x15 => Bit(SpeculationFeature.Amd15),
                0x16 => Bit(SpeculationFeature.Amd16),
                0x17 => Bit(SpeculationFeature.Amd17),
                _ => 0,
            };
        }

        return bits;
    }

    private static uint Bit(SpeculationFeature feature) => 1u << ((int)feature % 32);
}
