using System.Buffers;
using System.Text.Json;
using Gateway.Errors;

namespace Gateway.Dialects.Ollama;

/// <summary>The error object of Ollama's API: <c>{"error":"…"}</c>, as a body or as a line of a stream.</summary>
internal static class OllamaErrors
{
    /// <summary>Reads an error body; never throws.</summary>
    public static ProviderErrorFacts Read(ReadOnlySpan<byte> body) => ErrorJson.Read(body, Read);

    /// <summary>Reads an error object. Servers in front of Ollama may answer in OpenAI's form.</summary>
    public static ProviderErrorFacts Read(JsonElement root)
    {
        var error = root.Get("error"u8);
        var message = error.Text() ?? error.Text("message"u8) ?? root.Text("message"u8);
        var code = error.Text("code"u8) ?? root.Text("code"u8);
        return message is null && code is null ? ProviderErrorFacts.None : new ProviderErrorFacts(code, error.Text("type"u8), message, null);
    }

    /// <summary>Writes an error as a whole body.</summary>
    public static void WriteBody(IBufferWriter<byte> output, GatewayError error)
    {
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        json.WriteText("error"u8, error.Message);
        json.WriteString("code"u8, error.Code);
        json.WriteEndObject();
    }
}
