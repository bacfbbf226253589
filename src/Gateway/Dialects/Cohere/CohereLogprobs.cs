using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Log probabilities. Cohere gives one entry for each piece of text with the probabilities of the tokens that make it up; OpenAI's form has one
/// entry for each token. A piece of several tokens becomes one entry with the sum, which is the piece's own log probability.
/// </summary>
internal static class CohereLogprobs
{
    /// <summary>OpenAI's form of an array of entries, or of one; missing when there is none.</summary>
    public static RawJson Read(JsonElement items)
    {
        if (items.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            return default;
        var output = new ArrayBufferWriter<byte>(256);
        using (var json = WireJson.Writer(output))
        {
            json.WriteStartObject();
            json.WriteStartArray("content"u8);
            if (items.ValueKind == JsonValueKind.Object)
                ReadItem(json, items);
            foreach (var item in items.Each())
                ReadItem(json, item);
            json.WriteEndArray();
            json.WriteNull("refusal"u8);
            json.WriteEndObject();
        }

        return new RawJson(output.WrittenMemory);
    }

    /// <summary>Writes the entries of OpenAI's form, each by <paramref name="each"/>.</summary>
    public static void WriteEach(RawJson logprobs, Action<JsonElement> each)
    {
        using var document = logprobs.Parse();
        foreach (var item in document.RootElement.Get("content"u8).Each())
            each(item);
    }

    /// <summary>Writes one entry of OpenAI's form as Cohere's.</summary>
    public static void WriteItem(Utf8JsonWriter json, JsonElement item)
    {
        json.WriteStartObject();
        json.WriteText("text"u8, item.Text("token"u8) ?? "");
        json.WriteStartArray("token_ids"u8);
        json.WriteEndArray();
        json.WriteStartArray("logprobs"u8);
        json.WriteNumberValue(item.Number("logprob"u8) ?? 0);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void ReadItem(Utf8JsonWriter json, JsonElement item)
    {
        var sum = 0.0;
        foreach (var value in item.Get("logprobs"u8).Each())
            sum += value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
        json.WriteStartObject();
        json.WriteText("token"u8, item.Text("text"u8) ?? "");
        json.WriteNumber("logprob"u8, sum);
        json.WriteNull("bytes"u8);
        json.WriteStartArray("top_logprobs"u8);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
