using System.Net;
using Gateway.Dialects;
using Gateway.Dialects.Gemini;
using Gateway.Errors;
using Gateway.Protocol;
using Gateway.Providers;
using Gateway.Providers.Profiles;
using Gateway.Routing.Attempts;
using Gateway.Transport;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>Google says in the details of its errors what others say by status: they are classed by it, with the provider's own map and without.</summary>
public class GoogleErrorTests
{
    private const string Day = """{"error":{"status":"RESOURCE_EXHAUSTED","message":"quota","details":[{"@type":"google.rpc.QuotaFailure","violations":[{"quotaId":"RequestsPerDay"}]},{"@type":"google.rpc.RetryInfo","retryDelay":"37s"}]}}""";
    private const string Minute = """{"error":{"status":"RESOURCE_EXHAUSTED","message":"slow","details":[{"@type":"google.rpc.RetryInfo","retryDelay":"37s"}]}}""";
    private const string Key = """{"error":{"status":"INVALID_ARGUMENT","message":"Bad key.","details":[{"@type":"google.rpc.ErrorInfo","reason":"API_KEY_INVALID"}]}}""";
    private const string Place = """{"error":{"status":"FAILED_PRECONDITION","message":"User location is not supported for the API use."}}""";
    private const string Bad = """{"error":{"status":"INVALID_ARGUMENT","message":"Unknown name."}}""";
    private const string Long = """{"error":{"status":"INVALID_ARGUMENT","message":"The input token count exceeds the maximum number of tokens allowed."}}""";

    [Theory]
    [InlineData(429, Day, "provider_quota_exhausted", null)]
    [InlineData(429, Minute, "provider_rate_limited", 37)]
    [InlineData(400, Key, "provider_authentication_failed", null)]
    [InlineData(400, Place, "provider_authentication_failed", null)]
    [InlineData(400, Bad, "provider_rejected_request", null)]
    [InlineData(400, Long, "context_length_exceeded", null)]
    [InlineData(0, Minute, "provider_rate_limited", 37)]
    [InlineData(0, Day, "provider_quota_exhausted", null)]
    [InlineData(0, Bad, "provider_rejected_request", null)]
    [InlineData(0, """{"error":{"status":"UNAVAILABLE"}}""", "provider_overloaded", null)]
    public void Errors_OfGoogle_AreClassedByTheirDetails(int status, string body, string kind, int? wait)
    {
        var facts = new GeminiDialect().ReadError(System.Text.Encoding.UTF8.GetBytes(body));
        foreach (var map in new[] { ProviderErrorMap.Empty, ProviderProfiles.Find("gemini")!.Errors, ProviderProfiles.Find("vertex")!.Errors })
        {
            var provider = Provider(map);
            var error = status == 0 ? ProviderErrors.FromEvent(provider, facts) : ProviderErrors.FromStatus(provider, (HttpStatusCode)status, facts, null);
            Assert.Equal(kind, error.Kind.Code);
            Assert.Equal(wait, (int?)error.RetryAfter?.TotalSeconds);
        }
    }

    private static ProviderSnapshot Provider(ProviderErrorMap errors) => new()
    {
        Id = "up",
        Kind = "gemini",
        TelemetryName = "gcp.gemini",
        Endpoints = OperationMap<ProviderEndpoint>.Empty,
        Timeouts = new TimeoutPolicy(),
        Errors = errors,
    };
}
