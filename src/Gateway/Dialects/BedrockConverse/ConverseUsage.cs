using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Converse's <c>usage</c>, whose <c>inputTokens</c> leave out what was read from and written to the cache.</summary>
internal static class ConverseUsage
{
    /// <summary>Reads a usage object; null when it is none. Writes of every lifetime (<c>cacheDetails</c>) are one sum.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return null;
        var read = Count(usage, "cacheReadInputTokens"u8);
        var written = Count(usage, "cacheWriteInputTokens"u8);
        return new TokenUsage(Count(usage, "inputTokens"u8) + read + written, Count(usage, "outputTokens"u8), read, written);
    }

    /// <summary>Writes <c>usage</c>.</summary>
    public static void Write(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage"u8);
        writer.WriteNumber("inputTokens"u8, Math.Max(0, usage.Input - usage.CacheRead - usage.CacheWrite));
        writer.WriteNumber("outputTokens"u8, usage.Output);
        writer.WriteNumber("totalTokens"u8, usage.Input + usage.Output);
        writer.WriteNumber("cacheReadInputTokens"u8, usage.CacheRead);
        writer.WriteNumber("cacheWriteInputTokens"u8, usage.CacheWrite);
        writer.WriteEndObject();
    }

    private static long Count(JsonElement usage, ReadOnlySpan<byte> name) => Math.Max(0, usage.Integer(name) ?? 0);
}
