using System.Buffers;
using System.Globalization;

namespace Gateway.Routing.Rules.Language;

/// <summary>Reads durations and times of day.</summary>
internal static class Durations
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, double Seconds)[] Units = [("ms", 0.001), ("h", 3_600), ("m", 60), ("s", 1)];

    /// <summary><c>1h30m</c>, <c>90s</c>, <c>250ms</c>.</summary>
    public static Term? Span(string text, out string? fault)
    {
        var rest = text.AsSpan();
        var seconds = 0d;
        do
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits <= 0 || !double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || !TakeUnit(ref rest, digits, out var unit))
            {
                fault = "has a duration that can't be read; write it as in \"1h30m\", \"90s\" or \"250ms\"";
                return null;
            }

            seconds += number * unit;
        }
        while (!rest.IsEmpty);
        fault = null;
        return Constants.Duration(seconds);
    }

    /// <summary><c>09:30</c>, from 00:00 to 23:59.</summary>
    public static Term? TimeOfDay(string text, out string? fault)
    {
        var isTime = TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        fault = isTime ? null : "has a time of day that can't be read; write it as in \"09:30\"";
        return isTime ? Constants.Duration(time.ToTimeSpan().TotalSeconds) : null;
    }

    private static bool TakeUnit(ref ReadOnlySpan<char> rest, int digits, out double seconds)
    {
        foreach (var (unit, value) in Units)
        {
            if (rest[digits..].StartsWith(unit, StringComparison.Ordinal))
            {
                seconds = value;
                rest = rest[(digits + unit.Length)..];
                return true;
            }
        }

        seconds = 0;
        return false;
    }
}
