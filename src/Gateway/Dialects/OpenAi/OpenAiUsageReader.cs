using System.Text.Json;
using Gateway.Metering;

namespace Gateway.Dialects.OpenAi;

/// <summary>Reads a <c>usage</c> object in the names of Chat Completions, Responses, Completions or Embeddings.</summary>
internal static class OpenAiUsageReader
{
    /// <summary>
    /// Reads the object the reader stands on and leaves the reader at its end. What is no usage gives null: a null value, an object
    /// without any count, a count that can't be.
    /// </summary>
    public static TokenUsage? Read(ref JsonCursor reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var usage = default(TokenUsage);
        var isSaid = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("prompt_tokens"u8) || reader.TextIs("input_tokens"u8))
                (usage, isSaid) = (usage with { Input = Number(ref reader) }, true);
            else if (reader.TextIs("completion_tokens"u8) || reader.TextIs("output_tokens"u8))
                (usage, isSaid) = (usage with { Output = Number(ref reader) }, true);
            else if (reader.TextIs("prompt_tokens_details"u8) || reader.TextIs("input_tokens_details"u8) || reader.TextIs("input_token_details"u8)) // the last is Realtime's
                usage = ReadInputDetails(ref reader, usage);
            else if (reader.TextIs("completion_tokens_details"u8) || reader.TextIs("output_tokens_details"u8) || reader.TextIs("output_token_details"u8))
                usage = ReadOutputDetails(ref reader, usage);
            else if (reader.TextIs("prompt_cache_hit_tokens"u8)) // DeepSeek
                usage = usage with { CacheRead = Math.Max(usage.CacheRead, Number(ref reader)) };
            else
                reader.Skip();
        }

        return isSaid ? TokenUsage.Believed(usage) : null;
    }

    private static TokenUsage ReadInputDetails(ref JsonCursor reader, TokenUsage usage)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return usage;
        }

        long cachedAudio = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("cached_tokens"u8))
                usage = usage with { CacheRead = Number(ref reader) };
            else if (reader.TextIs("cache_write_tokens"u8))
                usage = usage with { CacheWrite = Number(ref reader) };
            else if (reader.TextIs("audio_tokens"u8))
                usage = usage with { AudioInput = Number(ref reader) };
            else if (reader.TextIs("cached_tokens_details"u8))
                cachedAudio = ReadCachedAudio(ref reader);
            else
                reader.Skip();
        }

        return usage with { AudioInput = Math.Max(0, usage.AudioInput - cachedAudio) }; // cached audio is charged as cached
    }

    private static long ReadCachedAudio(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return 0;
        }

        long audio = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("audio_tokens"u8))
                audio = Number(ref reader);
            else
                reader.Skip();
        }

        return audio;
    }

    private static TokenUsage ReadOutputDetails(ref JsonCursor reader, TokenUsage usage)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return usage;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("reasoning_tokens"u8))
                usage = usage with { Reasoning = Number(ref reader) };
            else if (reader.TextIs("audio_tokens"u8))
                usage = usage with { AudioOutput = Number(ref reader) };
            else
                reader.Skip();
        }

        return usage;
    }

    private static long Number(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetInt64(out var value))
                return Math.Max(0, value);
            if (reader.TryGetDouble(out var number)) // 12.0, 1e3, or beyond any count
                return number < TokenUsage.Most ? (long)Math.Ceiling(Math.Max(0, number)) : long.MaxValue;
        }

        reader.Skip();
        return 0;
    }
}
