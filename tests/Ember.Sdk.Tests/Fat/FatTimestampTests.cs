using System;
using Ember.Sdk.Fat;
using Ember.Sdk.Tests.Hosting;

namespace Ember.Sdk.Tests.Fat;

public sealed class FatTimestampTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(long.MinValue, 0x0021, 0x0000, 0)]
    [InlineData(0L, 0x0021, 0x0000, 0)]
    [InlineData(315_532_799L, 0x0021, 0x0000, 0)]
    [InlineData(315_532_800L, 0x0021, 0x0000, 0)]
    [InlineData(315_532_801L, 0x0021, 0x0000, 100)]
    [InlineData(1_700_000_001L, 43 << 9 | 11 << 5 | 14, 22 << 11 | 13 << 5 | 10, 100)]
    [InlineData(4_354_819_199L, 127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29, 100)]
    public void Seconds_become_the_bits_of_the_format(long seconds, int date, int time, byte tenths) =>
        Assert.Equal(new FatTimestamp((ushort)date, (ushort)time, tenths), FatTimestamp.FromUnixSeconds(seconds));

    [Theory]
    [InlineData(4_354_819_200L)]
    [InlineData(long.MaxValue)]
    public void A_time_after_2107_is_refused(long seconds)
    {
        ImageException exception = Assert.Throws<ImageException>(() => FatTimestamp.FromUnixSeconds(seconds));
        Assert.Equal(ErrorKind.Input, exception.Kind);
        Assert.Equal("SOURCE_DATE_EPOCH", exception.Where);
    }

    [Fact]
    public void Mtools_reads_the_time_that_was_written()
    {
        VolumeFixture.Write(_folder["volume.img"], VolumeFixture.Named("FILE.TXT", "DIR/X"));

        (string text, _) = HostTool.Run("mtools", "mdir", "-i", _folder["volume.img"], "::");

        Assert.Equal(2, text.Split("2023-11-14  22:13").Length - 1);
    }
}
