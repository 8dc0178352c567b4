using System;
using System.Globalization;
using System.Linq;
using System.Text;
using CsCheck;
using Ember.Platform.Text;

namespace Ember.Platform.Tests.Text;

public sealed class LineBufferTests
{
    [Fact]
    public void Appends_in_order()
    {
        LineBuffer line = default;
        line.Append("vcpu "u8);
        line.AppendDecimal(3);
        line.Append((byte)':');

        Assert.Equal("vcpu 3:", Read(in line));
    }

    [Fact]
    public void Decimal_is_what_the_framework_prints()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 63], Gen.Int[1, 20]).Sample((value, shift, digits) =>
        {
            LineBuffer line = default;
            line.AppendDecimal(value >> shift, digits);
            return Read(in line) == (value >> shift).ToString("D" + digits, CultureInfo.InvariantCulture);
        });
    }

    [Theory]
    [InlineData(0ul, "0")]
    [InlineData(9ul, "9")]
    [InlineData(10ul, "10")]
    [InlineData(9_999_999_999_999_999_999ul, "9999999999999999999")]
    [InlineData(10_000_000_000_000_000_000ul, "10000000000000000000")]
    [InlineData(ulong.MaxValue, "18446744073709551615")]
    public void Decimal_at_the_edges(ulong value, string expected)
    {
        LineBuffer line = default;
        line.AppendDecimal(value);

        Assert.Equal(expected, Read(in line));
    }

    [Theory]
    [InlineData(0, LineBuffer.Capacity)]
    [InlineData(0, LineBuffer.Capacity + 1)]
    [InlineData(0, LineBuffer.Capacity + 2)]
    [InlineData(0, 5000)]
    [InlineData(LineBuffer.Capacity, 1)]
    [InlineData(LineBuffer.Capacity - 1, 1000)]
    public void Text_at_once_is_the_same_as_byte_by_byte(int before, int length)
    {
        byte[] text = [.. Enumerable.Range(0, before + length).Select(i => (byte)('a' + (i % 26)))];
        LineBuffer whole = default;
        whole.Append(text.AsSpan(0, before));
        whole.Append(text.AsSpan(before));
        LineBuffer single = default;
        foreach (byte value in text)
        {
            single.Append(value);
        }

        Assert.Equal(Read(in single), Read(in whole));
    }

    [Fact]
    public void Hexadecimal_is_what_the_framework_prints()
    {
        Gen.Select(Gen.ULong, Gen.Int[0, 63], Gen.Int[1, 16]).Sample((value, shift, digits) =>
        {
            LineBuffer line = default;
            line.AppendHex(value >> shift, digits);
            return Read(in line) == (value >> shift).ToString("x" + digits, CultureInfo.InvariantCulture);
        });
    }

    [Theory]
    [InlineData(0ul, "0 bytes")]
    [InlineData(1ul, "1 byte")]
    [InlineData(512ul, "512 bytes")]
    [InlineData(999ul, "999 bytes")]
    [InlineData(1000ul, "1.0 kB")]
    [InlineData(1024ul, "1 KiB")]
    [InlineData(4096ul, "4 KiB")]
    [InlineData(999_949ul, "999.9 kB")]
    [InlineData(999_950ul, "1.0 MB")]
    [InlineData(14_249_999ul, "14.2 MB")]
    [InlineData(14_250_001ul, "14.3 MB")]
    [InlineData(15_000_576ul, "15.0 MB")]
    [InlineData(256ul << 20, "256 MiB")]
    [InlineData(1536ul << 20, "1536 MiB")]
    [InlineData(4ul << 30, "4 GiB")]
    [InlineData(2ul << 40, "2 TiB")]
    [InlineData(8ul << 60, "8 EiB")]
    [InlineData(ulong.MaxValue, "18.4 EB")]
    public void Sizes_for_people(ulong bytes, string expected)
    {
        LineBuffer line = default;
        line.AppendSize(bytes);

        Assert.Equal(expected, Read(in line));
    }

    [Theory]
    [InlineData(0ul, "0.000")]
    [InlineData(999_999ul, "0.000")]
    [InlineData(7_000_000ul, "0.007")]
    [InlineData(2_345_999_999ul, "2.345")]
    [InlineData(3_600_000_000_000ul, "3600.000")]
    public void Seconds_are_cut_to_milliseconds(ulong nanoseconds, string expected)
    {
        LineBuffer line = default;
        line.AppendSeconds(nanoseconds);

        Assert.Equal(expected, Read(in line));
    }

    [Fact]
    public void A_full_line_is_kept_whole_and_a_longer_one_says_that_it_was_cut()
    {
        byte[] text = Encoding.ASCII.GetBytes(new string('x', LineBuffer.Capacity));
        LineBuffer line = default;
        line.Append(text);
        Assert.Equal(Encoding.ASCII.GetString(text), Read(in line));

        line.Append((byte)'y');
        Assert.Equal(new string('x', LineBuffer.Capacity - 3) + "...", Read(in line));

        line.AppendDecimal(12345);
        Assert.Equal(new string('x', LineBuffer.Capacity - 3) + "...", Read(in line));
    }

    [Fact]
    public void Clear_starts_afresh()
    {
        LineBuffer line = default;
        line.Append("before"u8);
        line.Clear();
        line.Append("after"u8);

        Assert.Equal("after", Read(in line));
    }

    private static string Read(in LineBuffer line) => Encoding.UTF8.GetString(line.Text);
}
