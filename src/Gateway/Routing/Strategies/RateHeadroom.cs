using System.Net.Http.Headers;
using Gateway.Providers;

namespace Gateway.Routing.Strategies;

/// <summary>What a provider's rate-limit headers say is left. Safe for any number of threads.</summary>
internal sealed class RateHeadroom
{
    /// <summary>Reads an answer's headers.</summary>
    /// <param name="names">Where the provider tells it.</param>
    /// <param name="headers">The answer's.</param>
    /// <param name="now">The time, as <see cref="TimeProvider.GetTimestamp"/>.</param>
    public void Observe(RateLimitHeaders names, HttpResponseHeaders headers, long now)
    {
    }
}
