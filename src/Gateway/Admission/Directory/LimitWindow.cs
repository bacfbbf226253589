using System.Globalization;
using Gateway.Budgets;

namespace Gateway.Admission.Directory;

/// <summary>Reads windows of limits: a number and one of <c>s m h d w M</c>.</summary>
internal static class LimitWindow
{
    /// <summary>The window of a budget: 1h to 744h, 1d to 31d, 1w to 4w, 1M; null when it is none of these.</summary>
    public static WindowSpec? Budget(string text) => Read(text) switch
    {
        (WindowUnit.Hour, <= 744) or (WindowUnit.Day, <= 31) or (WindowUnit.Week, <= 4) or (WindowUnit.Month, 1) => Spec(text),
        _ => null,
    };

    /// <summary>The window of a rate limit: 1s to 1h; null when it is not.</summary>
    public static WindowSpec? Rate(string text) => Read(text) switch
    {
        (WindowUnit.Second, <= 3_600) or (WindowUnit.Minute, <= 60) or (WindowUnit.Hour, 1) => Spec(text),
        _ => null,
    };

    private static WindowSpec Spec(string text)
    {
        var (unit, count) = Read(text)!.Value;
        return new WindowSpec(unit, count);
    }

    private static (WindowUnit Unit, int Count)? Read(string text)
    {
        if (text.Length is < 2 or > 5 || text[0] is < '1' or > '9' || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        WindowUnit? unit = text[^1] switch
        {
            's' => WindowUnit.Second,
            'm' => WindowUnit.Minute,
            'h' => WindowUnit.Hour,
            'd' => WindowUnit.Day,
            'w' => WindowUnit.Week,
            'M' => WindowUnit.Month,
            _ => null,
        };
        return unit is { } known ? (known, count) : null;
    }
}
