using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.OpenAiRealtime;

/// <summary>Errors of the gateway's own within a Realtime session.</summary>
internal static class RealtimeErrors
{
    /// <summary>Writes an <c>error</c> event.</summary>
    public static void Write(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        using var json = new Utf8JsonWriter(output, JsonText.Writing);
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteString("event_id"u8, requestId);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, error.Kind.Type);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteNull("param"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
