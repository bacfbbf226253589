using System.Buffers.Text;
using System.Text.Json;
using Gateway.Dialects.OpenAi;

namespace Gateway.Dialects.OpenAiRealtime;

/// <summary>Reads the events of a Realtime server. What is not known, or is no JSON, means nothing: it passes unread.</summary>
internal static class RealtimeEventReader
{
    /// <summary>Longest id, model, status or code taken over, in bytes.</summary>
    private const int LongestText = 256;

    /// <summary>Reads one event; never throws.</summary>
    public static RealtimeEvent Read(ReadOnlySpan<byte> message)
    {
        try
        {
            var kind = KindOf(message);
            return kind == RealtimeEventKind.Other ? default : ReadMembers(message, new RealtimeEvent(kind));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }
    }

    /// <summary>Stops at the type, which comes before what is large.</summary>
    private static RealtimeEventKind KindOf(ReadOnlySpan<byte> message)
    {
        var reader = new JsonCursor(message);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return RealtimeEventKind.Other;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.TextIs("type"u8))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            return reader.TokenType == JsonTokenType.String ? KindOf(in reader) : RealtimeEventKind.Other;
        }

        return RealtimeEventKind.Other;
    }

    // Both the names of today and those of the beta.
    private static RealtimeEventKind KindOf(in JsonCursor type)
    {
        if (type.TextIs("response.done"u8))
            return RealtimeEventKind.Done;
        if (type.TextIs("conversation.item.input_audio_transcription.completed"u8))
            return RealtimeEventKind.Transcribed;
        if (type.TextIs("response.created"u8))
            return RealtimeEventKind.Created;
        if (type.TextIs("session.created"u8) || type.TextIs("session.updated"u8))
            return RealtimeEventKind.Session;
        if (type.TextIs("response.output_audio.delta"u8) || type.TextIs("response.audio.delta"u8))
            return RealtimeEventKind.Audio;
        return type.TextIs("response.output_text.delta"u8) || type.TextIs("response.text.delta"u8)
            || type.TextIs("response.output_audio_transcript.delta"u8) || type.TextIs("response.audio_transcript.delta"u8)
            || type.TextIs("response.function_call_arguments.delta"u8)
            ? RealtimeEventKind.Text
            : RealtimeEventKind.Other;
    }

    private static RealtimeEvent ReadMembers(ReadOnlySpan<byte> message, RealtimeEvent read)
    {
        var reader = new JsonCursor(message);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("response_id"u8))
                read.ResponseId = Text(ref reader);
            else if (reader.TextIs("delta"u8))
                read.DeltaBytes = Length(ref reader);
            else if (read.Kind == RealtimeEventKind.Transcribed && reader.TextIs("item_id"u8))
                read.ItemId = Text(ref reader);
            else if (read.Kind == RealtimeEventKind.Transcribed && reader.TextIs("usage"u8))
                ReadTranscriptionUsage(message, ref reader, ref read);
            else if (reader.TextIs("response"u8) || (read.Kind == RealtimeEventKind.Session && reader.TextIs("session"u8)))
                ReadObject(ref reader, ref read);
            else
                reader.Skip();
        }

        return read;
    }

    /// <summary>A response or a session.</summary>
    private static void ReadObject(ref JsonCursor reader, ref RealtimeEvent read)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (read.Kind != RealtimeEventKind.Session && reader.TextIs("id"u8))
            {
                read.ResponseId = Text(ref reader);
            }
            else if (reader.TextIs("model"u8))
            {
                read.Model = Text(ref reader);
            }
            else if (read.Kind == RealtimeEventKind.Session && reader.TextIs("input_audio_transcription"u8))
            {
                ReadTranscription(ref reader, ref read); // the beta's place
            }
            else if (read.Kind == RealtimeEventKind.Session && reader.TextIs("audio"u8))
            {
                ReadAudio(ref reader, ref read);
            }
            else if (reader.TextIs("status"u8))
            {
                read.Status = Text(ref reader);
            }
            else if (reader.TextIs("status_details"u8))
            {
                ReadDetails(ref reader, ref read);
            }
            else if (reader.TextIs("usage"u8))
            {
                reader.Read();
                read.Usage = OpenAiUsageReader.Read(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary><c>session.audio</c>, the <c>input</c> in it and the <c>transcription</c> in that.</summary>
    private static void ReadAudio(ref JsonCursor reader, ref RealtimeEvent read)
    {
        if (!Enter(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("input"u8))
                ReadAudio(ref reader, ref read);
            else if (reader.TextIs("transcription"u8))
                ReadTranscription(ref reader, ref read);
            else
                reader.Skip();
        }
    }

    private static void ReadTranscription(ref JsonCursor reader, ref RealtimeEvent read)
    {
        if (!Enter(ref reader))
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("model"u8))
                read.TranscriptionModel = Text(ref reader);
            else
                reader.Skip();
        }
    }

    /// <summary>Tokens, or seconds: the models differ in what they are billed by.</summary>
    private static void ReadTranscriptionUsage(ReadOnlySpan<byte> message, ref JsonCursor reader, ref RealtimeEvent read)
    {
        reader.Read();
        var start = reader.TokenStart;
        read.Usage = OpenAiUsageReader.Read(ref reader);
        if (read.Usage is not null)
            return;
        var usage = new JsonCursor(message[start..reader.Position]);
        if (!Enter(ref usage))
            return;
        while (usage.Read() && usage.TokenType == JsonTokenType.PropertyName)
        {
            if (!usage.TextIs("seconds"u8))
            {
                usage.Skip();
                continue;
            }

            usage.Read();
            if (usage.TokenType == JsonTokenType.Number && Utf8Parser.TryParse(usage.ValueSpan, out double seconds, out _) && seconds is > 0 and < int.MaxValue)
                read.Seconds = seconds;
        }
    }

    /// <summary>Goes into the object that follows; false when something else did, which is then passed.</summary>
    private static bool Enter(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
            return true;
        reader.Skip();
        return false;
    }

    /// <summary><c>status_details</c>, and the error in it.</summary>
    private static void ReadDetails(ref JsonCursor reader, ref RealtimeEvent read)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.TextIs("reason"u8))
                read.Reason = Text(ref reader);
            else if (reader.TextIs("error"u8))
                ReadDetails(ref reader, ref read);
            else if (reader.TextIs("code"u8))
                read.ErrorCode = Text(ref reader);
            else
                reader.Skip();
        }
    }

    private static string? Text(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestText)
            return reader.GetString();
        reader.Skip();
        return null;
    }

    private static int Length(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.ValueSpan.Length;
        reader.Skip();
        return 0;
    }
}
