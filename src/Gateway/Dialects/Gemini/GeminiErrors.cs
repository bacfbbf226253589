using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Gemini;

/// <summary>Google's error object: <c>{"error":{"code","message","status","details":[…]}}</c>, where code is the HTTP status.</summary>
internal static class GeminiErrors
{
    private const string TypePrefix = "type.googleapis.com/google.rpc.";

    /// <summary>Writes the error as a JSON body. Our own code and the request's id are in its <c>ErrorInfo</c>.</summary>
    public static void Write(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, error.Kind.Status);
        json.WriteText("message"u8, error.Message);
        json.WriteString("status"u8, StatusOf(error));
        json.WriteStartArray("details"u8);
        BeginDetail(json, "ErrorInfo"u8);
        json.WriteText("reason"u8, error.Kind == ErrorKinds.InvalidKey ? "API_KEY_INVALID" : error.Code.ToUpperInvariant());
        json.WriteString("domain"u8, "gateway"u8);
        json.WriteStartObject("metadata"u8);
        json.WriteText("code"u8, error.Code);
        json.WriteText("requestId"u8, requestId);
        json.WriteEndObject();
        json.WriteEndObject();
        if (error.Param is { } param)
        {
            BeginDetail(json, "BadRequest"u8);
            json.WriteStartArray("fieldViolations"u8);
            json.WriteStartObject();
            json.WriteText("field"u8, param);
            json.WriteText("description"u8, error.Message);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        if (error.RetryAfter is { } delay)
        {
            BeginDetail(json, "RetryInfo"u8);
            json.WriteString("retryDelay"u8, string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(delay.TotalSeconds)}s"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>
    /// Reads an error body, also one within a list. What Google says only in the details becomes a code: <c>invalid_api_key</c> for a key it
    /// doesn't accept (its status is 400), <c>account_unusable</c> for a place or billing it doesn't serve, <c>insufficient_quota</c> for a day's quota.
    /// </summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body) => ErrorJson.Read(body, ReadRoot);

    private static ProviderErrorFacts ReadRoot(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0)
            root = root[0];
        var error = root.Get("error"u8);
        if (error.Text() is { } text)
            return ProviderErrorFacts.None with { Message = text };
        return error.ValueKind == JsonValueKind.Object ? Read(error) : ProviderErrorFacts.None;
    }

    private static ProviderErrorFacts Read(JsonElement error)
    {
        var status = error.Text("status"u8);
        var message = error.Text("message"u8);
        var facts = new ProviderErrorFacts(null, status, message, null);
        if (status == "FAILED_PRECONDITION" && message is not null
            && (message.Contains("location is not supported", StringComparison.OrdinalIgnoreCase) || message.Contains("billing", StringComparison.OrdinalIgnoreCase)))
            facts = facts with { Code = "account_unusable" };
        foreach (var detail in error.Get("details"u8).Items())
        {
            var type = detail.Text("@type"u8) ?? "";
            if (type.EndsWith("ErrorInfo", StringComparison.Ordinal) && detail.Text("reason"u8) is { } reason)
            {
                facts = facts with { Code = reason is "API_KEY_INVALID" or "API_KEY_EXPIRED" ? "invalid_api_key" : facts.Code ?? reason };
            }
            else if (type.EndsWith("QuotaFailure", StringComparison.Ordinal))
            {
                if (detail.Member("violations"u8).Items().Any(IsOfADay))
                    facts = facts with { Code = "insufficient_quota" };
            }
            else if (type.EndsWith("BadRequest", StringComparison.Ordinal))
            {
                var field = detail.Member("fieldViolations"u8).Items().Select(violation => violation.Text("field"u8)).FirstOrDefault(one => one is not null);
                facts = facts with { Param = field ?? facts.Param };
            }
            else if (type.EndsWith("RetryInfo", StringComparison.Ordinal))
            {
                facts = facts with { RetryAfter = Delay(detail.TextOf("retryDelay"u8)) };
            }
        }

        return facts;
    }

    /// <summary>A quota that no wait of a request's length brings back.</summary>
    private static bool IsOfADay(JsonElement violation) =>
        violation.TextOf("quotaId"u8)?.Contains("PerDay", StringComparison.OrdinalIgnoreCase) == true;

    private static TimeSpan? Delay(string? text) =>
        text is [.., 's'] && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is >= 0 and < 1e8
            ? TimeSpan.FromSeconds(seconds)
            : null;

    private static void BeginDetail(Utf8JsonWriter json, ReadOnlySpan<byte> type)
    {
        Span<byte> name = stackalloc byte[TypePrefix.Length + 16];
        var length = System.Text.Encoding.ASCII.GetBytes(TypePrefix, name);
        type.CopyTo(name[length..]);
        json.WriteStartObject();
        json.WriteString("@type"u8, name[..(length + type.Length)]);
    }

    private static string StatusOf(GatewayError error) => error.Kind.Status switch
    {
        401 => "UNAUTHENTICATED",
        403 => "PERMISSION_DENIED",
        404 => "NOT_FOUND",
        405 or 501 => "UNIMPLEMENTED",
        408 or 504 => "DEADLINE_EXCEEDED",
        409 => "ABORTED",
        429 => "RESOURCE_EXHAUSTED",
        499 => "CANCELLED",
        502 or 503 => "UNAVAILABLE",
        >= 500 => "INTERNAL",
        402 => "FAILED_PRECONDITION",
        _ => "INVALID_ARGUMENT",
    };
}
