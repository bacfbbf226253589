using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Cohere;

/// <summary>The error object of Cohere's API: <c>{"id","message"}</c>; the status tells the SDKs which exception it is.</summary>
internal static class CohereErrors
{
    /// <summary>Reads an error body; never throws.</summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body) => ErrorJson.Read(body, Read);

    /// <summary>Reads an error object.</summary>
    public static ProviderErrorFacts Read(JsonElement error)
    {
        var message = error.Text("message"u8) ?? error.Get("data"u8).Text("message"u8) ?? error.Text("error"u8) ?? error.Get("error"u8).Text("message"u8);
        var code = error.Text("code"u8) ?? error.Text("error_type"u8);
        return message is null && code is null ? ProviderErrorFacts.None : new ProviderErrorFacts(code, null, message, null);
    }

    /// <summary>Writes an error as a whole body.</summary>
    public static void WriteBody(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteString("id"u8, requestId);
        json.WriteText("message"u8, error.Message);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
    }

    /// <summary>Writes the end of a stream that failed: the wire has no event for errors, its last event carries them.</summary>
    public static void WriteEvent(IBufferWriter<byte> output, GatewayError error)
    {
        output.Write("event: message-end\ndata: "u8);
        using (var json = WireJson.Writer(output))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "message-end"u8);
            json.WriteStartObject("delta"u8);
            json.WriteString("finish_reason"u8, error.Kind.Status == 504 ? "TIMEOUT"u8 : "ERROR"u8);
            json.WriteText("error"u8, error.Message);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }
}
