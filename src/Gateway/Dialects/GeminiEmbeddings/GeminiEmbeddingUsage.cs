using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.GeminiEmbeddings;

/// <summary>Tokens of embeddings, where Gemini says them.</summary>
internal static class GeminiEmbeddingUsage
{
    /// <summary>Reads a <c>usageMetadata</c> object; null when it counts nothing.</summary>
    public static TokenUsage? Read(JsonElement usage) =>
        (usage.Integer("promptTokenCount"u8) ?? usage.Integer("totalTokenCount"u8)) is { } input and >= 0 and <= int.MaxValue ? new TokenUsage(input, 0) : null;
}
