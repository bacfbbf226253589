using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;

namespace Gateway.Dialects.Cohere;

/// <summary>
/// Cohere's usage: <c>tokens</c> is what the model read and wrote, cached tokens included; <c>billed_units</c> is what its own bill
/// counts and stands in only where <c>tokens</c> is missing.
/// </summary>
internal static class CohereUsage
{
    // Whoever says more is not believed.
    private const long MostTokens = int.MaxValue;

    /// <summary>Reads a <c>usage</c> (or <c>meta</c>) object; null when it counts no tokens.</summary>
    public static TokenUsage? Read(JsonElement usage)
    {
        var counts = usage.Get("tokens"u8);
        if (counts.Integer("input_tokens"u8) is null && counts.Integer("output_tokens"u8) is null)
            counts = usage.Get("billed_units"u8);
        var input = counts.Integer("input_tokens"u8);
        var output = counts.Integer("output_tokens"u8);
        if ((input is null && output is null) || input > MostTokens || output > MostTokens)
            return null;
        var read = Math.Max(0, input ?? 0);
        return new TokenUsage(read, Math.Max(0, output ?? 0), Math.Clamp(usage.Integer("cached_tokens"u8) ?? 0, 0, read));
    }

    /// <summary>Writes the <c>usage</c> member.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="usage">Tokens.</param>
    /// <param name="billed">Cohere's own billed units where the reply is Cohere's.</param>
    public static void Write(Utf8JsonWriter json, TokenUsage usage, ExtraMember? billed = null)
    {
        json.WriteStartObject("usage"u8);
        if (billed is null)
            WriteCounts(json, "billed_units"u8, usage);
        else
            json.WriteRaw("billed_units"u8, billed.Value);
        WriteCounts(json, "tokens"u8, usage);
        json.WriteNumber("cached_tokens"u8, usage.CacheRead);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, ReadOnlySpan<byte> name, TokenUsage usage)
    {
        json.WriteStartObject(name);
        json.WriteNumber("input_tokens"u8, usage.Input);
        json.WriteNumber("output_tokens"u8, usage.Output);
        json.WriteEndObject();
    }
}
