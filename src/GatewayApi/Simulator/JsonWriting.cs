using System.Text.Encodings.Web;
using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>How the simulator writes JSON: compact, with characters as they are, as OpenAI does.</summary>
internal static class JsonWriting
{
    /// <summary>The options of every writer.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a value of the request as it came, or null when absent.</summary>
    public static void WriteAsCame(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        if (value.Exists())
            json.WriteRawValue(value.Raw(), skipInputValidation: true);
        else
            json.WriteNullValue();
    }
}
