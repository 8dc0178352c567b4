namespace Ember.Core.Devices;

/// <summary>A date and time of the proleptic Gregorian calendar, converted to and from seconds.</summary>
public struct CalendarTime
{
    private const long DaysTo1970 = 719_468;
    private const long DaysPerEra = 146_097;
    private const ulong SecondsPerDay = 86_400;

    public int Year;

    /// <summary>1 to 12.</summary>
    public int Month;

    /// <summary>1 to 31.</summary>
    public int Day;

    public int Hour;
    public int Minute;
    public int Second;

    /// <summary>1 for Sunday to 7 for Saturday, as the MC146818 counts.</summary>
    public int Weekday;

    /// <summary>The date and time of seconds since 1970-01-01 00:00:00.</summary>
    public static CalendarTime FromSeconds(ulong seconds)
    {
        ulong days = seconds / SecondsPerDay;
        uint rest = (uint)(seconds % SecondsPerDay);

        // Years that begin in March have their leap day last: 153 days in every five months from there.
        long shifted = (long)days + DaysTo1970;
        long era = shifted / DaysPerEra;
        int dayOfEra = (int)(shifted % DaysPerEra);
        int yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        int dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int month = ((5 * dayOfYear) + 2) / 153;
        return new CalendarTime
        {
            Day = dayOfYear - (((153 * month) + 2) / 5) + 1,
            Month = month < 10 ? month + 3 : month - 9,
            Year = (int)((era * 400) + yearOfEra + (month < 10 ? 0 : 1)),
            Hour = (int)(rest / 3600),
            Minute = (int)(rest / 60 % 60),
            Second = (int)(rest % 60),
            Weekday = (int)((days + 4) % 7) + 1,
        };
    }

    /// <summary>Seconds since 1970-01-01 00:00:00. Years before 1970 count as 1970, other fields are taken as they are.</summary>
    public readonly ulong ToSeconds()
    {
        int month = Month > 2 ? Month - 3 : Month + 9;
        long year = (Year < 1970 ? 1970 : Year) - (Month > 2 ? 0 : 1);
        long dayOfEra = (year % 400 * 365) + (year % 400 / 4) - (year % 400 / 100) + (((153 * month) + 2) / 5) + Day - 1;
        long days = (year / 400 * DaysPerEra) + dayOfEra - DaysTo1970;
        return ((ulong)days * SecondsPerDay) + (uint)((Hour * 3600) + (Minute * 60) + Second);
    }
}
