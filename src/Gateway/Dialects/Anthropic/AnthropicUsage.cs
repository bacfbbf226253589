using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.Anthropic;

/// <summary>
/// Usage as this wire counts it: <c>input_tokens</c> leaves out what was read from and written to the cache. Gathered over a stream, whose
/// last numbers count: they are totals, not additions.
/// </summary>
internal struct AnthropicUsage
{
    // More than any model takes: sums of such counts can't overflow.
    private const long MostTokens = 1L << 40;

    private long _input;
    private long _cacheRead;
    private long _cacheWrite;
    private long _output;
    private long _reasoning;

    /// <summary>Whether anything was said.</summary>
    public bool Said { get; private set; }

    /// <summary>The same in canonical terms.</summary>
    public readonly TokenUsage Canonical => new(_input + _cacheRead + _cacheWrite, _output, _cacheRead, _cacheWrite, _reasoning);

    /// <summary>Takes over what a usage object says.</summary>
    public void Note(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
            return;
        Said = true;
        // Servers that learn the input only once repeat it as 0; a count that was said does not become less.
        _input = Math.Max(_input, Count(usage, "input_tokens"u8) ?? 0);
        _cacheRead = Math.Max(_cacheRead, Count(usage, "cache_read_input_tokens"u8) ?? 0);
        _cacheWrite = Math.Max(_cacheWrite, Written(usage));
        _output = Count(usage, "output_tokens"u8) ?? _output;
        _reasoning = Count(usage.Get("output_tokens_details"u8), "thinking_tokens"u8) ?? _reasoning;
    }

    /// <summary>Writes the counts into the current object.</summary>
    public static void WriteMembers(Utf8JsonWriter json, in TokenUsage usage)
    {
        json.WriteNumber("input_tokens"u8, Math.Max(0, usage.Input - usage.CacheRead - usage.CacheWrite));
        json.WriteNumber("cache_creation_input_tokens"u8, usage.CacheWrite);
        json.WriteNumber("cache_read_input_tokens"u8, usage.CacheRead);
        json.WriteNumber("output_tokens"u8, usage.Output);
        if (usage.Reasoning > 0)
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, usage.Reasoning);
            json.WriteEndObject();
        }
    }

    private static long Written(JsonElement usage)
    {
        if (Count(usage, "cache_creation_input_tokens"u8) is { } written)
            return written;
        var split = usage.Get("cache_creation"u8);
        return (Count(split, "ephemeral_5m_input_tokens"u8) ?? 0) + (Count(split, "ephemeral_1h_input_tokens"u8) ?? 0);
    }

    private static long? Count(JsonElement usage, ReadOnlySpan<byte> name) =>
        usage.Integer(name) is { } count ? Math.Clamp(count, 0, MostTokens) : null;
}
