using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Ollama;

/// <summary>Log probabilities: Ollama's entries are those of OpenAI's <c>content</c>, but that members without a value are left out.</summary>
internal static class OllamaLogprobs
{
    /// <summary>OpenAI's form of an array of entries; missing when there is none.</summary>
    public static RawJson Read(JsonElement items)
    {
        if (items.ValueKind != JsonValueKind.Array || items.GetArrayLength() == 0)
            return default;
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = WireJson.Writer(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            foreach (var item in items.EnumerateArray())
            {
                WriteToken(json, item);
                json.WriteStartArray("top_logprobs"u8);
                foreach (var top in item.Get("top_logprobs"u8).Each())
                {
                    WriteToken(json, top);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
        }

        return new RawJson(output.WrittenMemory);
    }

    /// <summary>Writes the <c>logprobs</c> member from OpenAI's form.</summary>
    public static void Write(Utf8JsonWriter json, RawJson logprobs)
    {
        using var document = logprobs.Parse();
        if (document.RootElement.Raw("content"u8) is { IsMissing: false } content)
            json.WriteRaw("logprobs"u8, content);
    }

    private static void WriteToken(Utf8JsonWriter json, JsonElement token)
    {
        json.WriteStartObject();
        json.WriteText("token"u8, token.Text("token"u8) ?? "");
        json.WriteNumber("logprob"u8, token.Number("logprob"u8) ?? 0);
        if (token.Raw("bytes"u8) is { IsMissing: false } bytes)
            json.WriteRaw("bytes"u8, bytes);
        else
            json.WriteNull("bytes"u8);
    }
}
