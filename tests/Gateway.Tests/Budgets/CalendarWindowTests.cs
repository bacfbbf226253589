using CsCheck;
using Gateway.Budgets;

namespace Gateway.Tests.Budgets;

public class CalendarWindowTests
{
    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Kolkata", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "America/Scoresbysund"];

    private static readonly Gen<WindowSpec> Windows =
        from unit in Gen.Enum<WindowUnit>()
        from count in unit == WindowUnit.Month ? Gen.Const(1) : Gen.Int[1, 12]
        from zone in Gen.Int[0, Zones.Length - 1].Select(i => Zones[i])
        select new WindowSpec(unit, count) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById(zone) };

    private static readonly Gen<DateTimeOffset> Times =
        from seconds in Gen.Long[0, 80L * 365 * 86_400]
        from milliseconds in Gen.Int[0, 999]
        select DateTimeOffset.UnixEpoch.AddSeconds(seconds).AddMilliseconds(milliseconds);

    [Fact]
    public void At_AnyTime_LiesWithinAndNextBeginsWhereItEnds() => Gen.Select(Windows, Times).Sample((window, time) =>
    {
        var (start, end) = CalendarWindow.At(window, time);
        Assert.True(start <= time && time < end, $"{start:o} ≤ {time:o} < {end:o}");
        Assert.Equal((start, end), CalendarWindow.At(window, start));
        Assert.Equal((start, end), CalendarWindow.At(window, end.AddTicks(-1)));
        Assert.Equal(end, CalendarWindow.At(window, end).Start);
        Assert.Equal(start, CalendarWindow.At(window, start.AddTicks(-1)).End);
    }, iter: 20_000);

    [Fact]
    public void At_DaysAndLonger_BeginAtTheFirstMomentOfALocalDate() => Gen.Select(Windows.Where(w => w.Unit >= WindowUnit.Day), Times).Sample((window, time) =>
    {
        var (start, _) = CalendarWindow.At(window, time);
        var local = TimeZoneInfo.ConvertTime(start, window.TimeZone);
        var before = TimeZoneInfo.ConvertTime(start.AddTicks(-1), window.TimeZone);
        Assert.True(local.Date > before.Date, $"{before:o} | {local:o}");
        if (window.Unit == WindowUnit.Month)
            Assert.Equal(1, local.Day);
    }, iter: 20_000);

    [Theory]
    [InlineData("2026-03-29T12:00:00Z", 23)]
    [InlineData("2026-10-25T12:00:00Z", 25)]
    [InlineData("2026-06-01T12:00:00Z", 24)]
    public void At_DayOfBerlin_HasItsHours(string time, int hours)
    {
        var (start, end) = CalendarWindow.At(new(WindowUnit.Day, 1) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin") }, At(time));
        Assert.Equal(hours, (end - start).TotalHours);
    }

    [Fact]
    public void At_Week_BeginsOnMonday()
    {
        Assert.Equal((At("2026-11-23T00:00:00Z"), At("2026-11-30T00:00:00Z")), CalendarWindow.At(new(WindowUnit.Week, 1), At("2026-11-29T23:59:59Z")));
    }

    [Fact]
    public void At_MidnightThatIsSkipped_BeginsWhereClocksAreSetForward()
    {
        // In São Paulo clocks went from 00:00 to 01:00 on 2018-11-04.
        var (start, end) = CalendarWindow.At(new(WindowUnit.Day, 1) { TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/Sao_Paulo") }, At("2018-11-04T12:00:00Z"));
        Assert.Equal((At("2018-11-04T03:00:00Z"), At("2018-11-05T02:00:00Z")), (start, end));
    }

    [Fact]
    public void At_SeveralHours_AreAlignedToTheEpoch()
    {
        Assert.Equal((At("2026-11-23T02:00:00Z"), At("2026-11-23T04:00:00Z")), CalendarWindow.At(new(WindowUnit.Hour, 2), At("2026-11-23T03:34:22Z")));
        Assert.Equal(0, (CalendarWindow.At(new(WindowUnit.Day, 3), At("2026-11-23T03:34:22Z")).Start - DateTimeOffset.UnixEpoch).TotalDays % 3);
    }

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);
}
