using System.Net.Http.Headers;
using Gateway.Providers;

namespace Gateway.Routing.Strategies;

/// <summary>What a provider's rate-limit headers say is left. Safe for any number of threads.</summary>
/// <param name="time">The clock.</param>
internal sealed class RateHeadroom(TimeProvider time)
{
    // Limits are by the minute where nothing else is said.
    private static readonly TimeSpan UsualReset = TimeSpan.FromMinutes(1);

    private readonly RateWindow _requests = new();
    private readonly RateWindow _tokens = new();

    /// <summary>Reads an answer's headers.</summary>
    /// <param name="names">Where the provider tells it.</param>
    /// <param name="headers">The answer's.</param>
    public void Observe(RateLimitHeaders names, HttpResponseHeaders headers)
    {
        Note(_requests, names, names.Requests, headers);
        Note(_tokens, names, names.Tokens, headers);
    }

    /// <summary>How many requests of so many tokens are left, fractions of one too; NaN while nothing is known.</summary>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    /// <param name="tokens">What one takes, ≥ 1.</param>
    public double RequestsLeft(long now, long tokens)
    {
        var (requests, byTokens) = (_requests.LeftAt(now), _tokens.LeftAt(now) / tokens);
        return double.IsNaN(requests) ? byTokens : double.IsNaN(byTokens) ? requests : Math.Min(requests, byTokens);
    }

    private void Note(RateWindow window, RateLimitHeaders format, RateLimitHeaderNames? names, HttpResponseHeaders headers)
    {
        if (names is null || format.Read(names, headers, time) is not { } told)
            return;
        var now = time.GetTimestamp();
        var reset = told.Reset ?? UsualReset;
        window.Note(now, told.Limit, told.Remaining, now + (long)(reset.TotalSeconds * time.TimestampFrequency));
    }
}
