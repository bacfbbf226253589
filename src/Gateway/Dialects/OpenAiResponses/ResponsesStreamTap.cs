using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>Watches a Responses stream. The JSON <c>type</c> decides; the <c>event:</c> line only repeats it.</summary>
internal sealed class ResponsesStreamTap(ReplyFacts facts) : DialectStreamTap
{

    public override bool Finished => false; // only the terminal event finishes, and it is never left out

    public override ReadOnlyMemory<byte> MissingTerminator => default;

    public override TapVerdict Observe(in StreamFrame frame)
    {
        var data = frame.Data.Trim(" \t"u8);
        if (!frame.HasData || data.IsEmpty)
            return TapVerdict.Preamble;
        if (data.SequenceEqual("[DONE]"u8)) // some compatible servers add it before or after their terminal event
            return TapVerdict.Suppress;
        try
        {
            return ReadEvent(data);
        }
        catch (JsonException)
        {
            facts.FinishReason = null; // half a terminal event finishes nothing
            return TapVerdict.Malformed;
        }
    }

    private TapVerdict ReadEvent(ReadOnlySpan<byte> data)
    {
        var verdict = TypeOf(data);
        var reader = new JsonCursor(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("delta"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                    Saw(reader.ValueSpan);
                reader.Skip();
            }
            else if (verdict != TapVerdict.Content && reader.TextIs("response"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                    OpenAiResponsesDialect.ReadResponse(ref reader, facts);
                else
                    reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (reader.Read())
            return TapVerdict.Malformed;
        if (verdict == TapVerdict.Error)
            Error = OpenAiErrors.Read(data);
        return verdict;
    }

    /// <summary>Whether an item that is announced says nothing yet: a message or reasoning. A call has its name, and may have begun to run.</summary>
    private static bool IsEmptyItem(ReadOnlySpan<byte> data)
    {
        var reader = new JsonCursor(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isItem = reader.TextIs("item"u8);
            reader.Read();
            if (!isItem || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.TextIs("type"u8);
                reader.Read();
                if (isType)
                    return reader.TokenType == JsonTokenType.String && (reader.TextIs("message"u8) || reader.TextIs("reasoning"u8));
                reader.Skip();
            }

            return false;
        }

        return false;
    }

    private static TapVerdict TypeOf(ReadOnlySpan<byte> data)
    {
        var reader = new JsonCursor(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return TapVerdict.Malformed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.TextIs("type"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            if (reader.TokenType != JsonTokenType.String)
                return TapVerdict.Malformed;
            if (reader.TextIs("response.completed"u8) || reader.TextIs("response.incomplete"u8))
                return TapVerdict.Terminal;
            if (reader.TextIs("response.failed"u8) || reader.TextIs("error"u8))
                return TapVerdict.Error;
            return reader.TextIs("response.created"u8) || reader.TextIs("response.in_progress"u8) || reader.TextIs("response.queued"u8)
                || reader.TextIs("response.content_part.added"u8) || reader.TextIs("response.reasoning_summary_part.added"u8)
                || (reader.TextIs("response.output_item.added"u8) && IsEmptyItem(data))
                ? TapVerdict.Preamble
                : TapVerdict.Content;
        }

        return TapVerdict.Malformed;
    }
}
