using System.Runtime.InteropServices;
using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.OpenAi;

/// <summary>Usage objects of Chat Completions and Responses. Both count cache inside input and reasoning inside output, as <see cref="TokenUsage"/> does.</summary>
internal static class OpenAiUsage
{
    /// <summary>Reads a usage object in the names of either wire; null when it is none.</summary>
    public static TokenUsage? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return null;
        var cursor = new JsonCursor(JsonMarshal.GetRawUtf8Value(element));
        cursor.Read();
        return OpenAiUsageReader.Read(ref cursor);
    }

    /// <summary>Writes the value as Chat Completions names it.</summary>
    public static void WriteChat(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, usage.Input);
        json.WriteNumber("completion_tokens"u8, usage.Output);
        json.WriteNumber("total_tokens"u8, usage.Input + usage.Output);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        json.WriteNumber("audio_tokens"u8, usage.AudioInput);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteNumber("audio_tokens"u8, usage.AudioOutput);
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the value as Responses names it.</summary>
    public static void WriteResponses(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, usage.Input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead);
        json.WriteNumber("cache_write_tokens"u8, usage.CacheWrite);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.Output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, usage.Reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.Input + usage.Output);
        json.WriteEndObject();
    }
}
