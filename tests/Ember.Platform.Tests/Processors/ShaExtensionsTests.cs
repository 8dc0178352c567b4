using Ember.Platform.Processors;
using Ember.Platform.Tests.Hosting;

namespace Ember.Platform.Tests.Processors;

public sealed class ShaExtensionsTests
{
    private const uint Ssse3 = 1u << 9;
    private const uint Sha = 1u << 29;

    [Theory]
    [InlineData(7u, Ssse3, Sha, true)]
    [InlineData(0x20u, ~0u, ~0u, true)]
    [InlineData(7u, Ssse3, ~Sha, false)]
    [InlineData(7u, ~Ssse3, Sha, false)]
    [InlineData(6u, ~0u, ~0u, false)]
    public void Instructions_and_shuffles_must_both_be_told_and_the_leaf_that_tells_them(
        uint highestLeaf, uint featuresInEcx, uint extendedFeaturesInEbx, bool expected)
    {
        Cpu.Hardware = new Processor(highestLeaf, featuresInEcx, extendedFeaturesInEbx);
        Assert.Equal(expected, ShaExtensions.ArePresent);
    }

    private sealed class Processor(uint highestLeaf, uint featuresInEcx, uint extendedFeaturesInEbx) : RefusingHardware
    {
        public override CpuidResult Cpuid(uint leaf, uint subleaf) => (leaf, subleaf) switch
        {
            (0, 0) => new CpuidResult { Eax = highestLeaf },
            (1, 0) => new CpuidResult { Ecx = featuresInEcx },
            (7, 0) => new CpuidResult { Ebx = extendedFeaturesInEbx },
            _ => base.Cpuid(leaf, subleaf),
        };
    }
}
