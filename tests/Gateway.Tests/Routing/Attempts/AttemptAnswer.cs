using System.Text.Json;

namespace Gateway.Tests.Routing.Attempts;

/// <summary>What a client got of the gateway of an <see cref="AttemptFixture"/>, and how often each upstream was called for it.</summary>
internal sealed class AttemptAnswer(HttpResponseMessage response, string body, bool improper, int callsOfA, int callsOfB)
{
    private readonly JsonElement _error = body.StartsWith("{\"error\"", StringComparison.Ordinal) ? JsonElement.Parse(body).GetProperty("error") : default;

    public int Status { get; } = (int)response.StatusCode;

    public string Body => body;

    public bool EndedImproperly => improper;

    public int CallsOfA => callsOfA;

    public int CallsOfB => callsOfB;

    public string? Code => _error.ValueKind == JsonValueKind.Object ? _error.GetProperty("code").GetString() : null;

    public string? Message => _error.ValueKind == JsonValueKind.Object ? _error.GetProperty("message").GetString() : null;

    public string? Provider { get; } = Header(response, "x-gateway-provider");

    public string? Attempts { get; } = Header(response, "x-gateway-attempts");

    public string? RetryAfter { get; } = Header(response, "Retry-After");

    private static string? Header(HttpResponseMessage from, string name) => from.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
