using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.Rerank;

/// <summary>What a rerank reply says of its cost, in Cohere's <c>meta</c> or in the <c>usage</c> of others.</summary>
internal static class RerankUsage
{
    /// <summary>Tokens; null when none are counted.</summary>
    public static TokenUsage? Tokens(JsonElement meta)
    {
        var input = meta.Get("tokens"u8).Integer("input_tokens"u8)
            ?? meta.Get("billed_units"u8).Integer("input_tokens"u8)
            ?? meta.Integer("prompt_tokens"u8)
            ?? meta.Integer("total_tokens"u8);
        return input is >= 0 and <= int.MaxValue ? new TokenUsage(input.Value, 0) : null;
    }

    /// <summary>Searches; null when none are counted.</summary>
    public static long? SearchUnits(JsonElement meta) => meta.Get("billed_units"u8).Integer("search_units"u8) is >= 0 and var units ? units : null;
}
