namespace Ember.Core.Tests.Devices;

/// <summary>Whatever the virtual processors of a machine do to its chip set, it answers, and what it says stays true.</summary>
public sealed class ChipsetFuzzTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 16)]
    public void Random_accesses_are_answered(int seed, int processors)
    {
        using ChipsetFuzz fuzz = new(seed, processors);
        fuzz.Run(300_000);
    }

    [Theory]
    [InlineData(11, 1)]
    [InlineData(12, 4)]
    [Trait("Category", "Fuzz")]
    public void Ten_million_random_accesses_are_answered(int seed, int processors)
    {
        using ChipsetFuzz fuzz = new(seed, processors);
        fuzz.Run(10_000_000);
    }
}
