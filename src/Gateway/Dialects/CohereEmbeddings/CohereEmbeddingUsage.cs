using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.CohereEmbeddings;

/// <summary>Tokens of embeddings: those read, or those billed, in which images are counted apart.</summary>
internal static class CohereEmbeddingUsage
{
    /// <summary>Reads a <c>meta</c> object; null when it counts nothing.</summary>
    public static TokenUsage? Read(JsonElement meta)
    {
        var billed = meta.Get("billed_units"u8);
        var input = meta.Get("tokens"u8).Integer("input_tokens"u8);
        if (input is null && (billed.Integer("input_tokens"u8) is not null || billed.Integer("image_tokens"u8) is not null))
            input = (billed.Integer("input_tokens"u8) ?? 0) + (billed.Integer("image_tokens"u8) ?? 0);
        return input is >= 0 and <= int.MaxValue ? new TokenUsage(input.Value, 0) : null;
    }
}
