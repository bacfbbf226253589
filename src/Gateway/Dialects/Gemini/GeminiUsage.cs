using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.Gemini;

/// <summary>
/// <c>usageMetadata</c>, both ways. Google counts thoughts beside the candidates and the prompts of its own tools beside the prompt;
/// cached tokens are within the prompt.
/// </summary>
internal static class GeminiUsage
{
    /// <summary>The tokens; null when nothing is said.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return null;
        var thoughts = Count(usage, "thoughtsTokenCount"u8);
        return new TokenUsage(
            Count(usage, "promptTokenCount"u8) + Count(usage, "toolUsePromptTokenCount"u8),
            Count(usage, "candidatesTokenCount"u8) + thoughts,
            CacheRead: Count(usage, "cachedContentTokenCount"u8),
            Reasoning: thoughts,
            AudioInput: Audio(usage, "promptTokensDetails"u8) + Audio(usage, "toolUsePromptTokensDetails"u8),
            AudioOutput: Audio(usage, "candidatesTokensDetails"u8));
    }

    /// <summary>Writes the member.</summary>
    public static void Write(Utf8JsonWriter writer, in TokenUsage usage)
    {
        writer.WriteStartObject("usageMetadata"u8);
        writer.WriteNumber("promptTokenCount"u8, usage.Input);
        writer.WriteNumber("candidatesTokenCount"u8, Math.Max(0, usage.Output - usage.Reasoning));
        writer.WriteNumber("totalTokenCount"u8, usage.Input + usage.Output);
        if (usage.CacheRead > 0)
            writer.WriteNumber("cachedContentTokenCount"u8, usage.CacheRead);
        WriteAudio(writer, "promptTokensDetails"u8, usage.Input, usage.AudioInput);
        WriteAudio(writer, "candidatesTokensDetails"u8, usage.Output - usage.Reasoning, usage.AudioOutput);
        if (usage.Reasoning > 0)
            writer.WriteNumber("thoughtsTokenCount"u8, usage.Reasoning);
        writer.WriteEndObject();
    }

    private static long Count(JsonElement usage, ReadOnlySpan<byte> name) => Math.Max(0, usage.IntegerOf(name) ?? 0);

    private static long Audio(JsonElement usage, ReadOnlySpan<byte> name)
    {
        long tokens = 0;
        foreach (var detail in usage.Member(name).Items())
        {
            if (detail.TextOf("modality"u8) == "AUDIO")
                tokens += Count(detail, "tokenCount"u8);
        }

        return tokens;
    }

    private static void WriteAudio(Utf8JsonWriter writer, ReadOnlySpan<byte> name, long all, long audio)
    {
        if (audio <= 0)
            return;
        writer.WriteStartArray(name);
        WriteDetail(writer, "TEXT"u8, Math.Max(0, all - audio));
        WriteDetail(writer, "AUDIO"u8, audio);
        writer.WriteEndArray();
    }

    private static void WriteDetail(Utf8JsonWriter writer, ReadOnlySpan<byte> modality, long tokens)
    {
        if (tokens == 0)
            return;
        writer.WriteStartObject();
        writer.WriteString("modality"u8, modality);
        writer.WriteNumber("tokenCount"u8, tokens);
        writer.WriteEndObject();
    }
}
