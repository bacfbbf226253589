namespace Gateway.Budgets;

/// <summary>
/// Where windows that follow the calendar begin and end. Several units at once are counted from the beginning of 1970 (weeks: from its first Monday), so that
/// every replica finds the same ones.
/// </summary>
internal static class CalendarWindow
{
    private static readonly DateOnly Epoch = new(1970, 1, 1);
    private static readonly DateOnly FirstMonday = new(1970, 1, 5);

    /// <summary>The window that a time falls into: the start is included, the end is not.</summary>
    public static (DateTimeOffset Start, DateTimeOffset End) At(WindowSpec window, DateTimeOffset time)
    {
        if (window.Unit < WindowUnit.Day)
        {
            var length = Length(window).Ticks;
            var since = time.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
            var start = DateTimeOffset.UnixEpoch.AddTicks(FloorDivide(since, length) * length);
            return (start, start.AddTicks(length));
        }

        // The local date is a guess: where clocks are set back across midnight, a date comes twice. The first midnight of a date counts.
        var index = IndexOf(window, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(time, window.TimeZone).DateTime));
        while (StartOf(window, index) > time)
            index--;
        while (StartOf(window, index + 1) <= time)
            index++;
        return (StartOf(window, index), StartOf(window, index + 1));
    }

    /// <summary>How long a window is; months count 31 days, so that a rolling month never forgets too early.</summary>
    public static TimeSpan Length(WindowSpec window) => window.Unit switch
    {
        WindowUnit.Second => TimeSpan.FromSeconds(window.Count),
        WindowUnit.Minute => TimeSpan.FromMinutes(window.Count),
        WindowUnit.Hour => TimeSpan.FromHours(window.Count),
        WindowUnit.Day => TimeSpan.FromDays(window.Count),
        WindowUnit.Week => TimeSpan.FromDays(7 * window.Count),
        _ => TimeSpan.FromDays(31 * window.Count),
    };

    private static long IndexOf(WindowSpec window, DateOnly date) => window.Unit switch
    {
        WindowUnit.Day => FloorDivide(date.DayNumber - Epoch.DayNumber, window.Count),
        WindowUnit.Week => FloorDivide(date.DayNumber - FirstMonday.DayNumber, 7 * window.Count),
        _ => FloorDivide(((date.Year - Epoch.Year) * 12) + date.Month - 1, window.Count),
    };

    private static DateTimeOffset StartOf(WindowSpec window, long index) => Midnight(window.TimeZone, window.Unit switch
    {
        WindowUnit.Day => Epoch.AddDays((int)(index * window.Count)),
        WindowUnit.Week => FirstMonday.AddDays((int)(index * 7 * window.Count)),
        _ => Epoch.AddMonths((int)(index * window.Count)),
    });

    /// <summary>
    /// The first moment of a date. Where that isn't a plain midnight (clocks are set across it, or a zone leaves out a day) it is searched for from UTC, because
    /// each moment has one local time but not the other way around.
    /// </summary>
    private static DateTimeOffset Midnight(TimeZoneInfo zone, DateOnly date)
    {
        var local = date.ToDateTime(TimeOnly.MinValue);
        var plain = new DateTimeOffset(local, zone.GetUtcOffset(local)).UtcTicks;
        if (DateAt(plain) == date && DateAt(plain - 1) < date)
            return new(plain, TimeSpan.Zero);
        var (before, after) = (plain - (2 * TimeSpan.TicksPerDay), plain + (2 * TimeSpan.TicksPerDay));
        while (after - before > 1)
        {
            var middle = before + ((after - before) / 2);
            if (DateAt(middle) < date)
                before = middle;
            else
                after = middle;
        }

        return new(after, TimeSpan.Zero);

        DateOnly DateAt(long ticks) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(new DateTimeOffset(ticks, TimeSpan.Zero), zone).DateTime);
    }

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : -((-value + by - 1) / by);
}
