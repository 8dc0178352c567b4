using System;
using System.Globalization;

namespace Ember.Sdk.Fat;

/// <summary>
/// A moment as a directory entry stores it: 1980 to 2107 in steps of two seconds, or of ten milliseconds when created.
/// </summary>
/// <param name="Date">Year since 1980, month, day.</param>
/// <param name="Time">Hour, minute, pairs of seconds.</param>
/// <param name="CreationTenths">Hundredths of a second beyond <paramref name="Time"/>, 0 to 199 (DIR_CrtTimeTenth).</param>
public readonly record struct FatTimestamp(ushort Date, ushort Time, byte CreationTenths)
{
    private const int FirstYear = 1980;
    private const int LastYear = FirstYear + 127;

    /// <summary>1980-01-01 00:00:00, the first moment there is.</summary>
    public static FatTimestamp Earliest => new(1 << 5 | 1, 0, 0);

    /// <summary>The moment, in UTC, that SOURCE_DATE_EPOCH names. One before 1980 becomes <see cref="Earliest"/>.</summary>
    /// <param name="seconds">Seconds since 1970.</param>
    /// <exception cref="ImageException">The moment is after 2107.</exception>
    public static FatTimestamp FromUnixSeconds(long seconds)
    {
        if (seconds > new DateTimeOffset(LastYear, 12, 31, 23, 59, 59, TimeSpan.Zero).ToUnixTimeSeconds())
        {
            throw new ImageException(ErrorKind.Input, "SOURCE_DATE_EPOCH",
                string.Create(CultureInfo.InvariantCulture, $"{seconds} is later than FAT can say, the end of {LastYear}"),
                "set it to the seconds from 1970 to the time of the source");
        }

        if (seconds < new DateTimeOffset(FirstYear, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds())
        {
            return Earliest;
        }

        DateTime moment = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime;
        return new FatTimestamp(
            (ushort)(moment.Year - FirstYear << 9 | moment.Month << 5 | moment.Day),
            (ushort)(moment.Hour << 11 | moment.Minute << 5 | moment.Second / 2),
            (byte)(moment.Second % 2 * 100));
    }
}
