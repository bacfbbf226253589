using System.Text.Json;
using Gateway.Dialects.OpenAi;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAiMedia;

/// <summary>Events of speech, transcripts and images: the last event of each says so in its type, and carries the usage.</summary>
/// <param name="facts">Filled in.</param>
/// <param name="replies">How many last events there will be.</param>
internal sealed class MediaStreamTap(ReplyFacts facts, int replies) : DialectStreamTap
{
    private int _done;

    public override bool Finished => _done >= replies;

    public override ReadOnlyMemory<byte> MissingTerminator => default;

    public override TapVerdict Observe(in StreamFrame frame)
    {
        if (!frame.HasData)
            return TapVerdict.Preamble;
        var data = frame.Data;
        if (data.Trim((byte)' ').SequenceEqual("[DONE]"u8))
            return Finished ? TapVerdict.Terminal : TapVerdict.Malformed;
        try
        {
            return Read(data);
        }
        catch (JsonException)
        {
            return TapVerdict.Malformed;
        }
    }

    private TapVerdict Read(ReadOnlySpan<byte> data)
    {
        var cursor = new JsonCursor(data);
        if (!cursor.Read() || cursor.TokenType != JsonTokenType.StartObject)
            return TapVerdict.Malformed;
        var (isLast, isError) = (false, false);
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            if (cursor.TextIs("type"u8))
            {
                cursor.Read();
                isLast = cursor.TextIs("speech.audio.done"u8) || cursor.TextIs("transcript.text.done"u8)
                    || cursor.TextIs("image_generation.completed"u8) || cursor.TextIs("image_edit.completed"u8);
                isError |= cursor.TextIs("error"u8);
                cursor.Skip();
            }
            else if (cursor.TextIs("delta"u8))
            {
                cursor.Read();
                if (cursor.TokenType == JsonTokenType.String)
                    Saw(cursor.ValueSpan);
                cursor.Skip();
            }
            else if (cursor.TextIs("usage"u8))
            {
                cursor.Read();
                if (OpenAiUsageReader.Read(ref cursor) is { } usage)
                    facts.Usage = facts.Usage is { } known ? usage with { Input = known.Input + usage.Input, Output = known.Output + usage.Output } : usage;
            }
            else if (cursor.TextIs("error"u8))
            {
                cursor.Read();
                isError |= cursor.TokenType != JsonTokenType.Null;
                cursor.Skip();
            }
            else
            {
                cursor.Skip();
            }
        }

        if (isError)
        {
            Error = OpenAiErrors.Read(data);
            return TapVerdict.Error;
        }

        if (isLast)
            _done++;
        return isLast && Finished ? TapVerdict.Terminal : TapVerdict.Content;
    }
}
