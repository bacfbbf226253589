using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.Ollama;

/// <summary>Ollama's counts stand among the members of the last line; the one that is missing is 0.</summary>
internal static class OllamaUsage
{
    // Whoever says more is not believed.
    private const long MostTokens = int.MaxValue;

    /// <summary>Reads the counts; null when there are none.</summary>
    public static TokenUsage? Read(JsonElement root)
    {
        var input = root.Integer("prompt_eval_count"u8);
        var output = root.Integer("eval_count"u8);
        return (input is null && output is null) || input > MostTokens || output > MostTokens
            ? null
            : new TokenUsage(Math.Max(0, input ?? 0), Math.Max(0, output ?? 0));
    }

    /// <summary>Writes the counts into the current object.</summary>
    public static void Write(Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteNumber("prompt_eval_count"u8, usage.Input);
        json.WriteNumber("eval_count"u8, usage.Output);
    }
}
