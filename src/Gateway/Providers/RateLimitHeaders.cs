using System.Buffers;
using System.Globalization;
using System.Net.Http.Headers;

namespace Gateway.Providers;

/// <summary>The headers in which a provider tells what is left of a rate limit.</summary>
/// <param name="Requests">Those that count requests, or null.</param>
/// <param name="Tokens">Those that count tokens, or null.</param>
/// <param name="ResetFormat">How the moment is written at which a limit is whole again.</param>
internal sealed record RateLimitHeaders(RateLimitHeaderNames? Requests, RateLimitHeaderNames? Tokens, RateLimitReset ResetFormat)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>How long until every limit that is used up is whole again; null when the headers do not say.</summary>
    public TimeSpan? WaitOf(HttpResponseHeaders headers, DateTimeOffset now)
    {
        TimeSpan? wait = null;
        foreach (var names in (ReadOnlySpan<RateLimitHeaderNames?>)[Requests, Tokens])
        {
            if (names is null || Text(headers, names.Remaining)?.Trim() != "0" || Text(headers, names.Reset) is not { } reset) continue;
            if (Parse(reset.Trim(), now) is { } until && (wait is null || until > wait)) wait = until;
        }

        return wait;
    }

    /// <summary>What is told of one limit; null when it can't be read.</summary>
    public (long Limit, long Remaining, TimeSpan? Reset)? Read(RateLimitHeaderNames names, HttpResponseHeaders headers, TimeProvider time)
    {
        if (Text(headers, names.Limit) is not { } most || Number(most) is not { } limit || Number(Text(headers, names.Remaining)) is not { } remaining)
            return null;
        return ((long)limit, (long)remaining, Text(headers, names.Reset) is { } reset ? Parse(reset.Trim(), time.GetUtcNow()) : null);
    }

    /// <summary>Reads a reset; null when it can't be read or is absurd.</summary>
    public TimeSpan? Parse(string text, DateTimeOffset now)
    {
        var wait = ResetFormat switch
        {
            RateLimitReset.Duration => Duration(text),
            RateLimitReset.Time => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time - now : null,
            RateLimitReset.Seconds => Number(text) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            RateLimitReset.EpochSeconds => Number(text) is { } at ? DateTimeOffset.UnixEpoch.AddSeconds(at) - now : null,
            RateLimitReset.EpochMilliseconds => Number(text) is { } at ? DateTimeOffset.UnixEpoch.AddMilliseconds(at) - now : null,
            _ => (TimeSpan?)null,
        };
        return wait is null || wait > Longest ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    /// <summary>Go's way of writing durations: <c>1m30s</c>, <c>6ms</c>, <c>2m59.56s</c>.</summary>
    private static TimeSpan? Duration(ReadOnlySpan<char> text)
    {
        double milliseconds = 0;
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept(Digits);
            if (digits <= 0 || Number(text[..digits]) is not { } number) return null;
            var rest = text[digits..];
            var length = rest.IndexOfAny(Digits);
            var unit = length < 0 ? rest : rest[..length];
            double? scale = unit switch { "h" => 3_600_000, "m" => 60_000, "s" => 1_000, "ms" => 1, "us" or "µs" => 0.001, "ns" => 0.000_001, "d" => 86_400_000, _ => null };
            if (scale is null) return null;
            milliseconds += number * scale.Value;
            text = rest[unit.Length..];
        }

        return milliseconds <= Longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }

    // Most are whole, and then read at a fifth of the price.
    private static double? Number(ReadOnlySpan<char> text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? whole
        : double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number < 1e14 ? number : null;

    private static string? Text(HttpResponseHeaders headers, string? name) =>
        name is not null && headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
