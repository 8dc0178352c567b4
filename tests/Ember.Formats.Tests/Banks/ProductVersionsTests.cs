using System.Text;
using Ember.Formats.Banks;

namespace Ember.Formats.Tests.Banks;

public sealed class ProductVersionsTests
{
    [Theory]
    [InlineData("1.10", "1.9")]
    [InlineData("2.0.0", "1.99.99")]
    [InlineData("1.0.1", "1.0")]
    [InlineData("1.0b", "1.0a")]
    [InlineData("1.0-2", "1.0")]
    [InlineData("v10", "v9")]
    [InlineData("2026.11", "2026.2")]
    [InlineData("100000000000001", "99999999999999")]
    [InlineData("b", "a1")]
    public void Numbers_count_as_numbers_and_all_else_byte_by_byte(string above, string below)
    {
        Assert.True(IsAbove(above, below));
        Assert.False(IsAbove(below, above));
    }

    [Theory]
    [InlineData("1.0", "1.0")]
    [InlineData("1.07", "1.7")]
    [InlineData("", "")]
    public void Of_two_that_are_alike_none_is_above(string one, string other)
    {
        Assert.False(IsAbove(one, other));
        Assert.False(IsAbove(other, one));
    }

    private static bool IsAbove(string version, string other) =>
        ProductVersions.IsAbove(Encoding.ASCII.GetBytes(version), Encoding.ASCII.GetBytes(other));
}
