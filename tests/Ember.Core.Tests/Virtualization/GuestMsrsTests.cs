using System.Linq;
using Ember.Core.Virtualization;

namespace Ember.Core.Tests.Virtualization;

public sealed class GuestMsrsTests
{
    /// <summary>What VMSAVE and VMLOAD switch (AMD APM volume 2, 15.5.2), and TSC_AUX, which only the guest reads.</summary>
    [Fact]
    public void Only_what_is_switched_with_the_guest_is_its_own() => Assert.Equal(
        new uint[]
        {
            0x174, 0x175, 0x176, 0xC000_0081, 0xC000_0082, 0xC000_0083, 0xC000_0084, 0xC000_0100, 0xC000_0101, 0xC000_0102,
            0xC000_0103,
        },
        GuestMsrs.Direct.ToArray().Order().ToArray());

    [Fact]
    public void No_table_that_an_exit_looks_through_is_longer_than_its_bound_says()
    {
        Assert.InRange(GuestMsrs.Constant.Length / 2, 1, GuestMsrs.MostRegisters);
        Assert.InRange(GuestMsrs.Probed.Length, 1, GuestMsrs.MostRegisters);
    }

    [Fact]
    public void Constants_are_found_and_nothing_else()
    {
        uint[] table = GuestMsrs.Constant.ToArray();
        uint[] numbers = [.. table.Where((_, i) => i % 2 == 0)];
        Assert.Distinct(numbers);
        Assert.Empty(numbers.Intersect(GuestMsrs.Direct.ToArray()));
        for (int i = 0; i < table.Length; i += 2)
        {
            Assert.True(GuestMsrs.TryGetConstant(table[i], out ulong value));
            Assert.Equal(table[i + 1], value);
        }

        // Values are in the table too, and are no numbers.
        Assert.All(
            [0u, 1u, 2u, 0x11u, 0x1Bu, 0x8Cu, 0x277u, 0x6E0u, 0x800u, 0xC000_0080u, 0xC001_0114u, 0xC001_0117u, uint.MaxValue],
            number => Assert.False(GuestMsrs.TryGetConstant(number, out _)));
        Assert.True(GuestMsrs.TryGetConstant(0xC001_1029, out ulong decode));
        Assert.Equal(2ul, decode);
    }
}
