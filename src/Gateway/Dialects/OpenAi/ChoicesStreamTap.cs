using System.Text.Json;
using Gateway.Transport;

namespace Gateway.Dialects.OpenAi;

/// <summary>
/// Watches a stream of chunks that have <c>choices</c> (Chat Completions and legacy Completions): it ends with <c>data: [DONE]</c>,
/// is finished once every choice has a finish reason, and may carry usage in a chunk without choices.
/// </summary>
internal sealed class ChoicesStreamTap(ReplyFacts facts, RequestFacts request) : DialectStreamTap
{
    private static readonly byte[] Done = "data: [DONE]\n\n"u8.ToArray();

    private readonly EventEnvelope _envelope = new();
    private UInt128 _started;
    private UInt128 _finished;
    private UInt128 _startedHere;  // by the event being read: it counts once it has been read whole,
    private UInt128 _finishedHere; // for the client never sees half an event
    private string? _finishHere;
    private int _texts; // of the event being read, and where the last of them is
    private int _textAt;
    private int _textLength;

    public override bool Finished =>
        _finished != UInt128.Zero && _started == _finished && (int)UInt128.PopCount(_finished) >= request.Choices;

    public override ReadOnlyMemory<byte> MissingTerminator => Done;

    public override TapVerdict Observe(in StreamFrame frame)
    {
        var data = frame.Data.Trim(" \t"u8);
        if (!frame.HasData || data.IsEmpty)
            return TapVerdict.Preamble;
        if (data.SequenceEqual("[DONE]"u8))
            return TapVerdict.Terminal;
        if (_envelope.TryMatch(data, out var text))
        {
            Saw(text);
            return TapVerdict.Content;
        }

        try
        {
            return ReadChunk(data);
        }
        catch (JsonException)
        {
            return TapVerdict.Malformed;
        }
    }

    private TapVerdict ReadChunk(ReadOnlySpan<byte> data)
    {
        var reader = new JsonCursor(data);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return TapVerdict.Malformed;
        (_startedHere, _finishedHere, _finishHere, _texts) = (UInt128.Zero, UInt128.Zero, null, 0);
        var isContent = false;
        var hasChoices = false;
        var hasUsage = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("choices"u8))
            {
                reader.Read();
                hasChoices = ReadChoices(ref reader, ref isContent);
            }
            else if (reader.TextIs("usage"u8))
            {
                reader.Read();
                if (OpenAiUsageReader.Read(ref reader) is { } usage)
                {
                    facts.Usage = usage;
                    hasUsage = true;
                }
            }
            else if (reader.TextIs("error"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Null)
                    continue;
                Error = OpenAiErrors.Read(data);
                return TapVerdict.Error;
            }
            else if (facts.Id is null && reader.TextIs("id"u8))
            {
                reader.Read();
                facts.Id = JsonText.OrNull(ref reader);
                reader.Skip();
            }
            else if (facts.Model is null && reader.TextIs("model"u8))
            {
                reader.Read();
                facts.Model = JsonText.OrNull(ref reader);
                if (facts.Model is { Length: 0 })
                    facts.Model = null; // Azure's first chunk has an empty model
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        if (reader.Read())
            return TapVerdict.Malformed;
        _started |= _startedHere;
        _finished |= _finishedHere;
        facts.FinishReason = _finishHere ?? facts.FinishReason;
        if (hasUsage && !hasChoices && !request.WantsStreamUsage)
            return TapVerdict.Suppress;
        if (_texts == 1 && _finishedHere == UInt128.Zero && !hasUsage && _envelope.IsWanted)
            _envelope.Keep(data, _textAt, _textLength);
        return isContent ? TapVerdict.Content : TapVerdict.Preamble;
    }

    /// <returns>Whether there was any choice.</returns>
    private bool ReadChoices(ref JsonCursor reader, ref bool isContent)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return false;
        }

        var any = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            any = true;
            ReadChoice(ref reader, ref isContent);
        }

        return any;
    }

    private void ReadChoice(ref JsonCursor reader, ref bool isContent)
    {
        var index = 0;
        string? finish = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("index"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var n) && n is >= 0 and < 128)
                    index = n;
                reader.Skip();
            }
            else if (reader.TextIs("delta"u8) || reader.TextIs("text"u8))
            {
                reader.Read();
                isContent |= ReadDelta(ref reader);
            }
            else if (reader.TextIs("finish_reason"u8))
            {
                reader.Read();
                finish = FinishReasons.Read(ref reader);
                reader.Skip();
            }
            else
            {
                reader.Skip();
            }
        }

        var bit = UInt128.One << index;
        _startedHere |= bit;
        if (finish is null)
            return;
        isContent = true;
        _finishedHere |= bit;
        if (index == 0)
            _finishHere = finish;
    }

    /// <summary>Notes every string of a delta but roles, ids and types; whichever members a vendor adds for reasoning are counted too.</summary>
    /// <returns>Whether there was anything but a role.</returns>
    private bool ReadDelta(ref JsonCursor reader)
    {
        if (reader.TokenType == JsonTokenType.String)
            return Note(ref reader);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return false;
        }

        var any = false;
        var depth = reader.CurrentDepth;
        var isLabel = false;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    isLabel = reader.TextIs("role"u8) || reader.TextIs("id"u8) || reader.TextIs("type"u8);
                    break;
                case JsonTokenType.String when !isLabel:
                    any |= Note(ref reader);
                    break;
            }
        }

        return any;
    }

    private bool Note(ref JsonCursor reader)
    {
        var text = reader.ValueSpan;
        if (text.IsEmpty)
            return false;
        Saw(text);
        (_texts, _textAt, _textLength) = (_texts + 1, reader.TokenStart + 1, text.Length);
        return true;
    }
}
