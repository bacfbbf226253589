using System.Globalization;
using Gateway.State;

namespace Gateway.Jobs.Usage;

/// <summary>The keys of rollups and of the times they are of, which are always UTC.</summary>
internal static class RollupKeys
{
    /// <summary>Which days and months have changed since they were summed up.</summary>
    public const string Stale = "rollup:stale";

    /// <summary>How long an hour's values are kept after their last change; days and months are kept for ever.</summary>
    public static readonly TimeSpan HourLife = TimeSpan.FromDays(400);

    private const string HourFormat = "yyyyMMddHH";
    private const string DayFormat = "yyyyMMdd";
    private const string MonthFormat = "yyyyMM";

    /// <summary>The hour that a moment falls into.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The day that a moment falls into.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset time) => new(time.UtcDateTime.Date, TimeSpan.Zero);

    /// <summary>The month that a moment falls into.</summary>
    public static DateTimeOffset MonthOf(DateTimeOffset time) => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Which replicas have entries in an hour.</summary>
    public static string Hour(DateTimeOffset hour) => StateKeys.Join("rollup", "hour", Name(hour, HourFormat));

    /// <summary>A part of a replica's sums of an hour.</summary>
    public static string HourPart(DateTimeOffset hour, string replica, int part) => part == 0
        ? StateKeys.Join("rollup", "hour", Name(hour, HourFormat), replica)
        : StateKeys.Join("rollup", "hour", Name(hour, HourFormat), replica, part.ToString(CultureInfo.InvariantCulture));

    /// <summary>The sequences of a replica that are in the rollups.</summary>
    public static string Applied(string replica) => StateKeys.Join("rollup", "applied", replica);

    /// <summary>How far a replica has published.</summary>
    public static string Published(string replica) => StateKeys.Join("rollup", "published", replica);

    /// <summary>The name of a day among <see cref="Stale"/>.</summary>
    public static string DayName(DateTimeOffset time) => Name(time, DayFormat);

    /// <summary>The name of a month among <see cref="Stale"/>.</summary>
    public static string MonthName(DateTimeOffset time) => Name(time, MonthFormat);

    /// <summary>The day or month of a name.</summary>
    public static DateTimeOffset Parse(string name) =>
        DateTimeOffset.ParseExact(name, IsDay(name) ? DayFormat : MonthFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

    /// <summary>Whether a name is a day's; otherwise it is a month's.</summary>
    public static bool IsDay(string name) => name.Length == DayFormat.Length;

    /// <summary>The sums of a day or month by its name.</summary>
    public static string Span(string name) => StateKeys.Join("rollup", IsDay(name) ? "day" : "month", name);

    /// <summary>More sums of a day or month than fit into the first value.</summary>
    public static string SpanPart(string name, string version, int part) =>
        StateKeys.Join("rollup", IsDay(name) ? "day" : "month", name, version, part.ToString(CultureInfo.InvariantCulture));

    private static string Name(DateTimeOffset time, string format) => time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
