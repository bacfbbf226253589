using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes errors in OpenAI's shape.</summary>
internal static class ErrorReply
{
    /// <summary>Writes <c>{"error":{…}}</c>; a content filter's also has what Azure adds.</summary>
    public static void Write(SimulatorException error, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, error.Message);
        json.WriteString("type"u8, error.Type);
        json.WriteString("param"u8, error.Parameter);
        json.WriteString("code"u8, error.Code);
        if (error.Code == FaultErrors.ContentFilterCode)
            WriteFilterResult(error.Status, json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFilterResult(int status, Utf8JsonWriter json)
    {
        json.WriteNumber("status"u8, status);
        json.WriteStartObject("innererror"u8);
        json.WriteString("code"u8, "ResponsibleAIPolicyViolation"u8);
        json.WriteStartObject("content_filter_result"u8);
        WriteCategory(json, "hate", filtered: false);
        WriteCategory(json, "self_harm", filtered: false);
        WriteCategory(json, "sexual", filtered: false);
        WriteCategory(json, "violence", filtered: true);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCategory(Utf8JsonWriter json, string name, bool filtered)
    {
        json.WriteStartObject(name);
        json.WriteBoolean("filtered"u8, filtered);
        json.WriteString("severity"u8, filtered ? "high"u8 : "safe"u8);
        json.WriteEndObject();
    }
}
