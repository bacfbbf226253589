using System.Globalization;

namespace Gateway.Jobs;

/// <summary>A cron expression of five fields: minute, hour, day of the month, month, day of the week; each <c>*</c>, numbers, ranges, lists and steps.</summary>
internal sealed class CronExpression
{
    /// <summary>29 February on a given day of the week comes back within 40 years at the latest.</summary>
    private const int LongestSearchDays = 366 * 41;

    private readonly ulong _minutes;
    private readonly ulong _hours;
    private readonly ulong _days;
    private readonly ulong _months;
    private readonly ulong _weekdays;
    private readonly bool _eitherDay;

    private CronExpression(string[] fields)
    {
        _minutes = Field(fields[0], 0, 59);
        _hours = Field(fields[1], 0, 23);
        _days = Field(fields[2], 1, 31);
        _months = Field(fields[3], 1, 12);
        var weekdays = Field(fields[4], 0, 7);
        _weekdays = weekdays | (weekdays >> 7);
        // As cron has it: when both kinds of day are restricted, either will do.
        _eitherDay = fields[2][0] != '*' && fields[4][0] != '*';
    }

    /// <summary>Reads an expression.</summary>
    /// <exception cref="FormatException">It isn't one.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 5 ? new CronExpression(fields) : throw new FormatException($"'{text}' is no cron expression: it must have five fields.");
    }

    /// <summary>The first time after a moment.</summary>
    /// <exception cref="FormatException">There is none, as for 30 February.</exception>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        var utc = after.UtcDateTime;
        var first = new DateTime(utc.Year, utc.Month, utc.Day, utc.Hour, utc.Minute, 0, DateTimeKind.Utc).AddMinutes(1);
        var day = first.Date;
        for (var i = 0; i < LongestSearchDays; i++, day = day.AddDays(1))
        {
            if (!IsDay(day))
                continue;
            var minute = day == first.Date ? (first.Hour * 60) + first.Minute : 0;
            for (; minute < 24 * 60; minute++)
            {
                if (Has(_hours, minute / 60) && Has(_minutes, minute % 60))
                    return new DateTimeOffset(day.AddMinutes(minute));
            }
        }

        throw new FormatException("The cron expression names no day that exists.");
    }

    private bool IsDay(DateTime day)
    {
        if (!Has(_months, day.Month))
            return false;
        var (ofMonth, ofWeek) = (Has(_days, day.Day), Has(_weekdays, (int)day.DayOfWeek));
        return _eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
    }

    private static bool Has(ulong set, int value) => (set >> value & 1) != 0;

    private static ulong Field(string text, int least, int most)
    {
        var set = 0UL;
        foreach (var item in text.Split(','))
        {
            var slash = item.IndexOf('/', StringComparison.Ordinal);
            var step = slash < 0 ? 1 : Number(item[(slash + 1)..], 1, most);
            var span = slash < 0 ? item : item[..slash];
            var dash = span.IndexOf('-', StringComparison.Ordinal);
            var (from, to) = span == "*" ? (least, most)
                : dash >= 0 ? (Number(span[..dash], least, most), Number(span[(dash + 1)..], least, most))
                : slash >= 0 ? (Number(span, least, most), most)
                : (Number(span, least, most), Number(span, least, most));
            if (to < from)
                throw new FormatException($"'{item}' ends before it begins.");
            for (var value = from; value <= to; value += step)
                set |= 1UL << value;
        }

        return set;
    }

    private static int Number(string text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new FormatException($"'{text}' must be a number from {least} to {most}.");
}
