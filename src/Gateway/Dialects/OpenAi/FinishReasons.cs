using System.Text.Json;

namespace Gateway.Dialects.OpenAi;

/// <summary>Known finish reasons, so that reading one seldom allocates.</summary>
internal static class FinishReasons
{
    /// <summary>The reason the reader stands on, or null.</summary>
    public static string? Read(ref JsonCursor reader)
    {
        // Some servers write an empty reason on every chunk: that is not a finish.
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.IsEmpty)
            return null;
        if (reader.TextIs("stop"u8))
            return "stop";
        if (reader.TextIs("length"u8))
            return "length";
        if (reader.TextIs("tool_calls"u8))
            return "tool_calls";
        if (reader.TextIs("content_filter"u8))
            return "content_filter";
        return reader.ValueSpan.Length <= 64 ? JsonText.OrNull(ref reader) : "other";
    }
}
