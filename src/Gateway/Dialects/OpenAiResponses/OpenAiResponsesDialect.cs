using System.Buffers;
using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Errors;

namespace Gateway.Dialects.OpenAiResponses;

/// <summary>OpenAI Responses. Usage is always reported; a stream ends with <c>response.completed</c> or <c>response.incomplete</c>, never with <c>[DONE]</c>.</summary>
internal sealed class OpenAiResponsesDialect : OpenAiDialect
{
    public override IChatCodec Codec { get; } = new OpenAiResponsesCodec();

    protected override bool UsesStreamOptions => false;

    protected override OutputLimitWords LimitWords => OutputLimitWords.MaxOutputTokens;

    public override bool TryReadReply(ReadOnlySpan<byte> body, ReplyFacts facts)
    {
        var reader = new JsonCursor(body);
        try
        {
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject && ReadResponse(ref reader, facts) && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    public override DialectStreamTap CreateStreamTap(ReplyFacts facts, RequestFacts request) => new ResponsesStreamTap(facts);

    public override void WriteStreamError(IBufferWriter<byte> output, GatewayError error, string requestId)
    {
        output.Write("event: error\ndata: "u8);
        using (var json = new Utf8JsonWriter(output, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "error"u8);
            json.WriteString("code"u8, error.Code);
            json.WriteString("message"u8, error.Message);
            if (error.Param is null)
                json.WriteNull("param"u8);
            else
                json.WriteString("param"u8, error.Param);
            // Clients need a number; the true one is lost with the stream, and nothing follows.
            json.WriteNumber("sequence_number"u8, int.MaxValue);
            json.WriteEndObject();
        }

        output.Write("\n\n"u8);
    }

    /// <summary>Reads the response object the reader stands on.</summary>
    /// <returns>Whether it was one: it has <c>output</c> or <c>status</c>.</returns>
    internal static bool ReadResponse(ref JsonCursor reader, ReplyFacts facts)
    {
        var found = false;
        var isFiltered = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("id"u8))
            {
                reader.Read();
                facts.Id ??= JsonText.OrNull(ref reader);
                reader.Skip();
            }
            else if (reader.TextIs("model"u8))
            {
                reader.Read();
                facts.Model ??= JsonText.OrNull(ref reader);
                reader.Skip();
            }
            else if (reader.TextIs("usage"u8))
            {
                reader.Read();
                facts.Usage = OpenAiUsageReader.Read(ref reader) ?? facts.Usage;
            }
            else if (reader.TextIs("status"u8))
            {
                found = true;
                reader.Read();
                facts.FinishReason = reader.TokenType != JsonTokenType.String ? null
                    : reader.TextIs("completed"u8) ? "stop"
                    : reader.TextIs("incomplete"u8) ? "length"
                    : reader.TextIs("in_progress"u8) || reader.TextIs("queued"u8) ? null
                    : JsonText.OrNull(ref reader);
                reader.Skip();
            }
            else if (reader.TextIs("incomplete_details"u8))
            {
                isFiltered = ReadIsFiltered(ref reader);
            }
            else if (reader.TextIs("output"u8))
            {
                found = true;
                ReadReasoning(ref reader, facts);
            }
            else
            {
                reader.Skip();
            }
        }

        if (isFiltered && facts.FinishReason == "length")
            facts.FinishReason = "content_filter";
        return found;
    }

    /// <summary>Notes the reasoning in <c>output</c>, on whose name the reader stands.</summary>
    private static void ReadReasoning(ref JsonCursor reader, ReplyFacts facts)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var (isId, isContent) = (reader.TextIs("id"u8), reader.TextIs("encrypted_content"u8));
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && (isContent || (isId && reader.ValueSpan.StartsWith("rs_"u8))))
                    facts.NoteReasoning(reader.ValueSpan);
                reader.Skip();
            }
        }
    }

    /// <summary>Whether <c>incomplete_details</c>, on whose name the reader stands, says that the content filter ended the response.</summary>
    private static bool ReadIsFiltered(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var isFiltered = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isReason = reader.TextIs("reason"u8);
            reader.Read();
            isFiltered |= isReason && reader.TokenType == JsonTokenType.String && reader.TextIs("content_filter"u8);
            reader.Skip();
        }

        return isFiltered;
    }
}
