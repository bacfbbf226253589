using System.Buffers;
using System.Text.Json;
using Gateway.Dialects;

namespace Gateway.Metering;

/// <summary>Counts the output tokens of replies whose provider did not.</summary>
internal static class OutputCounter
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 256 };

    /// <summary>Tokens of text as it stood between quotes in JSON.</summary>
    /// <param name="estimator">Counts.</param>
    /// <param name="kept">The text, escapes not decoded; pieces of several events may have been put together.</param>
    /// <param name="seenBytes">How long the text really was; the count is scaled up to it.</param>
    public static long CountEscaped(TokenEstimator estimator, ReadOnlySpan<byte> kept, long seenBytes)
    {
        if (kept.IsEmpty)
            return 0;
        var quoted = ArrayPool<byte>.Shared.Rent(kept.Length + 2);
        var text = ArrayPool<char>.Shared.Rent(kept.Length);
        try
        {
            quoted[0] = quoted[kept.Length + 1] = (byte)'"';
            kept.CopyTo(quoted.AsSpan(1));
            var tokens = TryDecode(quoted.AsSpan(0, kept.Length + 2), text, out var length)
                ? estimator.CountText(text.AsSpan(0, length))
                : estimator.CountText(kept);
            return (long)Math.Ceiling(tokens * ((double)seenBytes / kept.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(quoted);
            ArrayPool<char>.Shared.Return(text);
        }
    }

    /// <summary>Tokens of the texts of a whole reply.</summary>
    public static long CountReply(TokenEstimator estimator, ReadOnlySpan<byte> reply)
    {
        var reader = new Utf8JsonReader(reply, Options);
        long tokens = 0;
        var isText = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                isText = reader.TextIs("content"u8) || reader.TextIs("text"u8) || reader.TextIs("arguments"u8)
                    || reader.TextIs("reasoning_content"u8) || reader.TextIs("refusal"u8);
            }
            else if (isText && reader.TokenType == JsonTokenType.String)
            {
                tokens += CountEscaped(estimator, reader.ValueSpan, reader.ValueSpan.Length);
            }
        }

        return tokens;
    }

    private static bool TryDecode(ReadOnlySpan<byte> quoted, Span<char> text, out int length)
    {
        length = 0;
        try
        {
            var reader = new Utf8JsonReader(quoted);
            if (!reader.Read())
                return false;
            length = reader.CopyString(text);
            return true;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // cut inside an escape, or a lone surrogate
        }
    }
}
