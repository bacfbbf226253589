using System.Globalization;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Numbers and strings within a schema's bounds.</summary>
internal static class ScalarSampler
{
    private static readonly (string Part, string[] Values)[] Hints =
    [
        ("city", ["Paris", "Tokyo", "Nairobi", "Lima"]),
        ("location", ["Paris", "Tokyo", "Nairobi", "Lima"]),
        ("place", ["Paris", "Tokyo", "Nairobi", "Lima"]),
        ("country", ["France", "Japan", "Kenya", "Peru"]),
        ("email", ["ada@example.com", "alan@example.com"]),
        ("url", ["https://example.com/1", "https://example.com/2"]),
        ("date", ["2025-03-14", "2025-07-01"]),
        ("currency", ["EUR", "USD"]),
        ("language", ["en", "fr"]),
        ("color", ["blue", "green"]),
        ("name", ["Ada Lovelace", "Alan Turing", "Grace Hopper"]),
        ("title", ["A short title", "Another title"]),
        ("query", ["simulator", "gateway"]),
    ];

    /// <summary>A number within minimum, maximum, their exclusive forms and multipleOf.</summary>
    public static double Number(SchemaRules rules, bool whole, int variation)
    {
        var step = Value(rules, "multipleOf") is { } multiple && multiple > 0 ? multiple : whole ? 1 : 0;
        var low = Value(rules, "minimum");
        var above = Value(rules, "exclusiveMinimum");
        var high = Value(rules, "maximum");
        var below = Value(rules, "exclusiveMaximum");
        return step > 0
            ? Stepped(Greatest(low, Above(above, step)), Least(high, Below(below, step)), step, variation)
            : Within(Greatest(low, above), Least(high, below), variation);
    }

    /// <summary>A string of the asked format or pattern and length, fitting the member's name where that says something.</summary>
    public static string String(SchemaRules rules, string name, ulong seed, int variation)
    {
        if (rules.Find("pattern") is { ValueKind: JsonValueKind.String } pattern && PatternSampler.Sample(pattern.Text(), variation) is { } matching)
            return matching;

        var formatted = Formatted(rules.Find("format") is { ValueKind: JsonValueKind.String } format ? format.Text() : string.Empty, seed, variation);
        var text = formatted ?? Hinted(name, seed, variation);
        var least = rules.Integer("minLength", 0);
        var most = rules.Integer("maxLength", int.MaxValue);
        if (text.Length > most)
            text = text[..most];
        return text.Length >= least ? text : text.PadRight(least, 'x');
    }

    private static string? Formatted(string format, ulong seed, int variation)
    {
        var n = variation % 9 + 1;
        return format switch
        {
            "date-time" => string.Create(CultureInfo.InvariantCulture, $"2025-03-1{n}T09:26:53Z"),
            "date" => string.Create(CultureInfo.InvariantCulture, $"2025-03-1{n}"),
            "time" => string.Create(CultureInfo.InvariantCulture, $"09:26:5{n}Z"),
            "duration" => string.Create(CultureInfo.InvariantCulture, $"PT{n}H"),
            "email" => string.Create(CultureInfo.InvariantCulture, $"ada{n}@example.com"),
            "hostname" => string.Create(CultureInfo.InvariantCulture, $"host{n}.example.com"),
            "uri" => string.Create(CultureInfo.InvariantCulture, $"https://example.com/{n}"),
            "ipv4" => string.Create(CultureInfo.InvariantCulture, $"192.0.2.{n}"),
            "ipv6" => string.Create(CultureInfo.InvariantCulture, $"2001:db8::{n}"),
            "uuid" => string.Create(CultureInfo.InvariantCulture, $"{(uint)seed:x8}-0000-4000-8000-{variation:x12}"),
            _ => null,
        };
    }

    private static string Hinted(string name, ulong seed, int variation)
    {
        foreach (var (part, values) in Hints)
        {
            if (name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                var value = values[(seed % (ulong)values.Length + (ulong)variation) % (ulong)values.Length];
                return variation < values.Length ? value : value + " " + variation.ToString(CultureInfo.InvariantCulture);
            }
        }

        var text = name.Length > 0 ? "a sample " + name.Replace('_', ' ') : "a sample text";
        return variation == 0 ? text : text + " " + (variation + 1).ToString(CultureInfo.InvariantCulture);
    }

    private static double Stepped(double? low, double? high, double step, int variation)
    {
        var first = low is { } from ? Math.Ceiling(from / step) : Math.Min(1, Math.Floor((high ?? step) / step));
        var count = high is { } to ? Math.Floor(to / step) - first + 1 : double.PositiveInfinity;
        return (first + (count > 1 ? variation % count : 0)) * step;
    }

    // Strictly inside, so that exclusive bounds hold as well.
    private static double Within(double? low, double? high, int variation) => (low, high) switch
    {
        ({ } from, { } to) => from + (to - from) * (variation % 7 + 1) / 8,
        ({ } from, null) => from + 0.5 + variation,
        (null, { } to) => to - 0.5 - variation,
        _ => 0.5 + variation,
    };

    private static double? Above(double? bound, double step) => bound is { } value ? Math.Floor(value / step) * step + step : null;

    private static double? Below(double? bound, double step) => bound is { } value ? Math.Ceiling(value / step) * step - step : null;

    private static double? Greatest(double? a, double? b) => a is null ? b : b is null ? a : Math.Max(a.Value, b.Value);

    private static double? Least(double? a, double? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    private static double? Value(SchemaRules rules, string keyword) =>
        rules.Find(keyword) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;
}
