using System.Numerics;
using System.Text;
using CsCheck;

namespace Ember.Formats.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void The_check_value_is_the_published_one() =>
        Assert.Equal(0xE306_9283u, Crc32C.Compute(Encoding.ASCII.GetBytes("123456789")));

    [Fact]
    public void Any_bytes_have_the_checksum_that_dotnet_gives_them() =>
        Gen.Byte.Array[0, 600].Sample(bytes =>
        {
            uint expected = uint.MaxValue;
            foreach (byte value in bytes)
            {
                expected = BitOperations.Crc32C(expected, value);
            }

            return Crc32C.Compute(bytes) == ~expected;
        });
}
