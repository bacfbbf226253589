using System.Text.Json;

namespace GatewayApi.Simulator;

/// <summary>Writes token usage in the two shapes OpenAI has.</summary>
internal static class UsageWriter
{
    // As with real providers, only long prompts are cached, in whole blocks. Which part is hit is made up: half.
    private const int LeastCachedPrompt = 1024;
    private const int CacheBlock = 128;

    /// <summary>The <c>usage</c> of Chat Completions and legacy completions.</summary>
    public static void WriteChat(Utf8JsonWriter json, int input, int output, int reasoning)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, output);
        json.WriteNumber("total_tokens"u8, input + output);
        json.WriteStartObject("prompt_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached(input));
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, reasoning);
        json.WriteNumber("audio_tokens"u8, 0);
        json.WriteNumber("accepted_prediction_tokens"u8, 0);
        json.WriteNumber("rejected_prediction_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The <c>usage</c> of Responses.</summary>
    public static void WriteResponses(Utf8JsonWriter json, int input, int output, int reasoning)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, input);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("cached_tokens"u8, Cached(input));
        json.WriteNumber("cache_write_tokens"u8, 0);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("output_tokens_details"u8);
        json.WriteNumber("reasoning_tokens"u8, reasoning);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, input + output);
        json.WriteEndObject();
    }

    private static int Cached(int input) => input < LeastCachedPrompt ? 0 : input / 2 / CacheBlock * CacheBlock;
}
