using System.Buffers;
using System.Text;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Ollama;

/// <summary>Writes a whole reply to a client: its first choice, for the wire has no others. Durations are not known here and left out.</summary>
internal static class OllamaReplyWriter
{
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        var choice = reply.Choices.Count > 0 ? reply.Choices[0] : new ChatChoice();
        using var json = WireJson.Writer(output);
        json.WriteStartObject();
        WriteHead(json, reply.Model ?? envelope.Model, envelope.Created);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        WriteText(json, choice.Parts);
        WriteCalls(json, choice.Parts, envelope.RequestId);
        json.WriteEndObject();
        json.WriteBoolean("done"u8, true);
        json.WriteString("done_reason"u8, OllamaFinish.Write(choice.Finish));
        if (reply.Usage is { } usage)
            OllamaUsage.Write(json, usage);
        if (!choice.Logprobs.IsMissing)
            OllamaLogprobs.Write(json, choice.Logprobs);
        foreach (var extra in reply.Extras)
        {
            if (extra.Origin == Operation.OllamaChat)
                json.WriteRaw(extra.Name, extra.Value);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes the members with which every object of the wire begins.</summary>
    public static void WriteHead(Utf8JsonWriter json, string model, DateTimeOffset created)
    {
        json.WriteText("model"u8, model);
        json.WriteString("created_at"u8, created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void WriteText(Utf8JsonWriter json, List<ContentPart> parts)
    {
        var text = new StringBuilder();
        var thoughts = new StringBuilder();
        ReasoningPart? signed = null;
        for (var i = 0; i < parts.Count; i++)
        {
            switch (parts[i])
            {
                case TextPart part:
                    text.Append(part.Text);
                    break;
                case RefusalPart part:
                    text.Append(part.Text);
                    break;
                case AudioPart { Transcript: { } transcript }:
                    text.Append(transcript);
                    break;
                case ReasoningPart reasoning when !OllamaMessageJson.SignsCall(parts, i):
                    thoughts.Append(reasoning.Text);
                    signed = reasoning.Signature is null ? signed : reasoning;
                    break;
            }
        }

        json.WriteText("content"u8, text.ToString());
        if (thoughts.Length > 0)
            json.WriteText("thinking"u8, thoughts.ToString());
        if (signed is not null)
            json.WriteString("thinking_signature"u8, OllamaMessageJson.Wrap(signed.Signature!, signed.Origin));
    }

    private static void WriteCalls(Utf8JsonWriter json, List<ContentPart> parts, string requestId)
    {
        var index = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i] is not ToolCallPart call)
                continue;
            if (index == 0)
                json.WriteStartArray("tool_calls"u8);
            var signature = OllamaMessageJson.SignsCall(parts, i - 1) && parts[i - 1] is ReasoningPart signs ? OllamaMessageJson.Wrap(signs.Signature!, signs.Origin) : null;
            OllamaMessageJson.WriteCall(json, call.Id.Length > 0 ? call.Id : $"call_{requestId}_{index}", index, call.Name, call.Arguments, signature);
            index++;
        }

        if (index > 0)
            json.WriteEndArray();
    }
}
