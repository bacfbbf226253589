using Gateway.Providers;
using Gateway.Providers.Profiles;

namespace Gateway.Tests.Providers;

public class RateLimitHeadersTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("openai", "x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 6m0s", 360.0)]
    [InlineData("groq", "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 2m59.56s", 179.56)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 20ms|x-ratelimit-remaining-tokens: 0|x-ratelimit-reset-tokens: 1h2m", 3_720.0)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 4|x-ratelimit-reset-requests: 1s", null)]
    [InlineData("openai", "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: soon", null)]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: 0|anthropic-ratelimit-requests-reset: 2026-11-23T12:00:30Z", 30.0)]
    [InlineData("anthropic", "anthropic-ratelimit-requests-remaining: 0|anthropic-ratelimit-requests-reset: 2026-11-23T11:00:00Z", 0.0)]
    [InlineData("cerebras", "x-ratelimit-remaining-tokens-minute: 0|x-ratelimit-reset-tokens-minute: 11.38", 11.38)]
    [InlineData("sambanova", "x-ratelimit-remaining-requests: 0|x-ratelimit-reset-requests: 1795435260", 60.0)]
    [InlineData("openrouter", "x-ratelimit-remaining: 0|x-ratelimit-reset: 1795435205000", 5.0)]
    [InlineData("openrouter", "x-ratelimit-remaining: 0|x-ratelimit-reset: 9999999999999999", null)]
    [InlineData("mistral", "x-ratelimit-remaining-req-minute: 0", null)]
    public void WaitOf_HeadersOfAProvider_IsTheTimeUntilAllIsWhole(string profile, string headers, double? seconds)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers.Split('|'))
            response.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        Assert.Equal(seconds, ProviderProfiles.Find(profile)!.RateLimits!.WaitOf(response.Headers, Now)?.TotalSeconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-5s")]
    [InlineData("5")]
    [InlineData("5parsecs")]
    [InlineData("999999999h")]
    public void Parse_NoDuration_IsNothing(string text)
    {
        var wait = new RateLimitHeaders(null, null, RateLimitReset.Duration).Parse(text, Now);
        Assert.True(wait is null || (text.Length == 0 && wait == TimeSpan.Zero));
    }
}
