namespace Ember.Platform.Processors;

/// <summary>The processor's instructions for SHA-256 (Intel SDM volume 1, section 5.20; AMD APM volume 3, appendix D).</summary>
public static class ShaExtensions
{
    private const uint LeafOfSha = 7;
    private const uint Ssse3 = 1u << 9;
    private const uint Sha = 1u << 29;

    /// <summary>Whether this processor has them, and the shuffles of SSSE3 that bring bytes into their order.</summary>
    public static bool ArePresent =>
        Cpu.Cpuid(0).Eax >= LeafOfSha && (Cpu.Cpuid(LeafOfSha).Ebx & Sha) != 0 && (Cpu.Cpuid(1).Ecx & Ssse3) != 0;
}
