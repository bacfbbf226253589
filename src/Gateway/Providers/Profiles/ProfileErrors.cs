using System.Globalization;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Providers.Profiles;

/// <summary>Reads what profiles say of errors and limits.</summary>
internal static class ProfileErrors
{
    /// <summary>The error map of a profile.</summary>
    public static ProviderErrorMap ReadErrors(JsonElement profile) => !profile.TryGetProperty("errors", out var errors)
        ? ProviderErrorMap.Empty
        : new ProviderErrorMap(Read(errors, "codes"), Read(errors, "texts"), Read(errors, "statuses").ConvertAll(p => KeyValuePair.Create(int.Parse(p.Key, CultureInfo.InvariantCulture), p.Value)));

    /// <summary>The rate limit headers that a profile names, among those of the whole document.</summary>
    public static RateLimitHeaders? ReadRateLimits(JsonElement profile, JsonElement document)
    {
        if (!profile.TryGetProperty("rateLimits", out var name)) return null;
        var headers = document.GetProperty("rateLimitHeaders").GetProperty(name.GetString()!);
        return new RateLimitHeaders(Names(headers, "requests"), Names(headers, "tokens"), Reset(Text(headers, "resetFormat")));
    }

    private static List<KeyValuePair<string, ErrorKind>> Read(JsonElement errors, string name)
    {
        var pairs = new List<KeyValuePair<string, ErrorKind>>();
        if (!errors.TryGetProperty(name, out var members)) return pairs;
        foreach (var member in members.EnumerateObject()) pairs.Add(new(member.Name, Kind(member.Value.GetString()!)));
        return pairs;
    }

    private static ErrorKind Kind(string name) => name switch
    {
        "badRequest" => ErrorKinds.UpstreamBadRequest,
        "contextLength" => ErrorKinds.ContextLength,
        "contentFilter" => ErrorKinds.ContentFilter,
        "authentication" => ErrorKinds.UpstreamAuthentication,
        "quota" => ErrorKinds.UpstreamQuota,
        "rateLimit" => ErrorKinds.UpstreamRateLimit,
        "modelNotFound" => ErrorKinds.UpstreamModelNotFound,
        "overloaded" => ErrorKinds.UpstreamOverloaded,
        "timeout" => ErrorKinds.UpstreamTimeout,
        _ => throw new InvalidOperationException($"profiles.json names an unknown kind of error: {name}."),
    };

    private static RateLimitReset Reset(string? name) => name switch
    {
        null => RateLimitReset.None,
        "duration" => RateLimitReset.Duration,
        "time" => RateLimitReset.Time,
        "seconds" => RateLimitReset.Seconds,
        "epochSeconds" => RateLimitReset.EpochSeconds,
        "epochMilliseconds" => RateLimitReset.EpochMilliseconds,
        _ => throw new InvalidOperationException($"profiles.json names an unknown form of reset: {name}."),
    };

    private static RateLimitHeaderNames? Names(JsonElement headers, string what) => headers.TryGetProperty(what, out var names)
        ? new RateLimitHeaderNames(Text(names, "limit")!, Text(names, "remaining")!, Text(names, "reset"))
        : null;

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
