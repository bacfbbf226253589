using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Pipeline;

namespace Gateway.Routing;

/// <summary>
/// A request's way as a JSON object: what was asked, which rule and route it came to, each call and each target that was passed over.
/// It names no target that the caller's key may not use, and no key of a provider.
/// </summary>
internal static class DecisionJson
{
    private const int MaxTextChars = 1_024;

    /// <summary>The record of a request that is over.</summary>
    public static byte[] Write(GatewayContext context)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        using var json = new Utf8JsonWriter(output);
        var decision = ToldRoute.DecisionOf(context);
        json.WriteStartObject();
        json.WriteString("request_id"u8, context.RequestId);
        json.WriteString("time"u8, LedgerTime.Format(LedgerTime.ToMicros(context.Arrived)));
        json.WriteString("requested_model"u8, Cut(context.Request.Model));
        json.WriteString("route"u8, ToldRoute.Of(context)?.Name);
        json.WriteString("rule"u8, decision?.Rule);
        json.WriteString("arm"u8, decision?.Arm);
        json.WriteString("outcome"u8, LedgerOutcomes.Name(context.Outcome));
        json.WriteString("error"u8, Cut(context.Error?.Code));
        json.WriteNumber("duration_ms"u8, Milliseconds(context.Elapsed));
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in context.Attempts)
            Write(json, new AttemptReport(context, attempt));
        json.WriteEndArray();
        json.WriteStartArray("skipped"u8);
        foreach (var (target, reason) in decision?.Skipped ?? [])
        {
            json.WriteStartObject();
            json.WriteString("target"u8, Cut(target.Address));
            json.WriteString("reason"u8, DecisionWords.Of(reason));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, in AttemptReport report)
    {
        var attempt = report.Attempt;
        json.WriteStartObject();
        json.WriteNumber("number"u8, attempt.Number);
        json.WriteString("target"u8, Cut(attempt.Target.Address));
        json.WriteString("reason"u8, DecisionWords.Of(attempt.Reason));
        json.WriteNumber("pause_ms"u8, Milliseconds(attempt.Pause));
        json.WriteNumber("start_ms"u8, Milliseconds(report.Start));
        json.WriteNumber("duration_ms"u8, Milliseconds(report.Duration));
        json.WritePropertyName("first_token_ms"u8);
        if (report.FirstToken is { } first)
            json.WriteNumberValue(Milliseconds(first));
        else
            json.WriteNullValue();
        json.WriteString("outcome"u8, DecisionWords.Of(report.Outcome));
        json.WritePropertyName("status"u8);
        if (report.Status is { } status)
            json.WriteNumberValue(status);
        else
            json.WriteNullValue();
        json.WriteString("error"u8, Cut(report.ErrorCode));
        json.WriteEndObject();
    }

    /// <summary>To the microsecond.</summary>
    private static decimal Milliseconds(TimeSpan time) => (long)time.TotalMicroseconds / 1_000m;

    private static string? Cut(string? text) => text is { Length: > MaxTextChars } ? text[..MaxTextChars] : text;
}
