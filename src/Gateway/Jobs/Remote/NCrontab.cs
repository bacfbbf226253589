using System.Globalization;

namespace Gateway.Jobs.Remote;

/// <summary>
/// Schedules as the timers of Azure Functions have them: six fields, seconds first.
/// Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions.
/// </summary>
internal static class NCrontab
{
    /// <summary>A job's own schedule, written so.</summary>
    /// <returns>Null where it can't be: an interval that divides neither a minute nor an hour.</returns>
    public static string? Of(JobSchedule schedule) => schedule switch
    {
        JobSchedule.Cron cron => "0 " + cron.Expression,
        JobSchedule.Interval { Span: var span } when span < TimeSpan.FromMinutes(1) && 60 % span.TotalSeconds == 0 =>
            string.Create(CultureInfo.InvariantCulture, $"*/{span.TotalSeconds:0} * * * * *"),
        JobSchedule.Interval { Span: var span } when span.Seconds == 0 && span <= TimeSpan.FromHours(1) && 60 % span.TotalMinutes == 0 =>
            span == TimeSpan.FromHours(1) ? "0 0 * * * *" : string.Create(CultureInfo.InvariantCulture, $"0 */{span.TotalMinutes:0} * * * *"),
        _ => null,
    };

    /// <summary>The schedule that a setting says.</summary>
    /// <exception cref="FormatException">It says none that a job can have: seconds other than 0 or every so many.</exception>
    public static JobSchedule Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 6)
            throw new FormatException($"'{text}' is no timer's schedule: it must have six fields, seconds first.");
        if (fields[0] == "0")
            return new JobSchedule.Cron(string.Join(' ', fields[1..]));
        return fields[0].StartsWith("*/", StringComparison.Ordinal) && fields[1..].All(field => field == "*")
            && int.TryParse(fields[0].AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 60 && 60 % seconds == 0
            ? new JobSchedule.Interval(TimeSpan.FromSeconds(seconds))
            : throw new FormatException($"'{text}' is no schedule of a job: its seconds must be 0, or */N with nothing but * after it and N a part of 60.");
    }
}
