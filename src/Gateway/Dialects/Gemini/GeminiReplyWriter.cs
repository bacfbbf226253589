using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Gemini;

/// <summary>Writes a whole <c>GenerateContentResponse</c>.</summary>
internal static class GeminiReplyWriter
{
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        // A blocked prompt has no candidates; what it says instead is among the extras.
        var isBlocked = reply.Choices.TrueForAll(choice => choice is { Parts.Count: 0, Finish: FinishReason.ContentFilter })
            && reply.Extras.Exists(extra => GeminiRequestWriter.IsIn(extra, "") && extra.Name is "promptFeedback" or "prompt_feedback");
        if (!isBlocked)
        {
            writer.WriteStartArray("candidates"u8);
            for (var i = 0; i < reply.Choices.Count; i++)
                WriteCandidate(writer, reply, i);
            writer.WriteEndArray();
        }

        GeminiRequestWriter.WriteExtras(writer, reply.Extras, "");
        if (reply.Usage is { } usage)
            GeminiUsage.Write(writer, usage);
        writer.WriteText("modelVersion"u8, reply.Model ?? envelope.Model);
        writer.WriteText("responseId"u8, reply.Id ?? envelope.RequestId);
        writer.WriteEndObject();
    }

    private static void WriteCandidate(Utf8JsonWriter writer, ChatReply reply, int index)
    {
        var choice = reply.Choices[index];
        var path = GeminiReplyReader.PathOf(index);
        var extras = reply.Extras.FindAll(extra => GeminiRequestWriter.IsIn(extra, path));
        writer.WriteStartObject();
        writer.WriteStartObject("content"u8);
        if (choice.Parts.Count > 0)
        {
            writer.WriteStartArray("parts"u8);
            var signatures = GeminiSignatures.Place(choice.Parts);
            for (var i = 0; i < choice.Parts.Count; i++)
                WritePart(writer, choice.Parts[i], signatures[i], $"{reply.Id} {index} {i}");
            writer.WriteEndArray();
        }

        writer.WriteString("role"u8, "model"u8);
        writer.WriteEndObject();
        if (!extras.Exists(extra => GeminiJson.Camel(extra.Name) == "finishReason"))
            writer.WriteString("finishReason"u8, GeminiFinish.Write(choice.Finish));
        writer.WriteNumber("index"u8, index);
        if (!extras.Exists(extra => GeminiJson.Camel(extra.Name) is "citationMetadata" or "groundingMetadata"))
            GeminiCitations.Write(writer, choice.Parts.OfType<TextPart>().Select(text => text.Citations).Where(citations => !citations.IsMissing));
        GeminiLogprobs.Write(writer, [choice.Logprobs]);
        UnknownMembers.WriteOwn(writer, extras, Operation.GenerateContent);
        writer.WriteEndObject();
    }

    private static void WritePart(Utf8JsonWriter writer, ContentPart part, string? signature, string place)
    {
        switch (part)
        {
            case TextPart text:
                GeminiReplyParts.WriteText(writer, text.Text, false, signature);
                break;
            case RefusalPart refusal:
                GeminiReplyParts.WriteText(writer, refusal.Text, false, signature);
                break;
            case ReasoningPart { Origin: ReasoningOrigin.Gemini } reasoning:
                if (reasoning.Text.Length > 0 || signature is not null)
                    GeminiReplyParts.WriteText(writer, reasoning.Text, reasoning.Text.Length > 0, signature);
                break;
            case ReasoningPart reasoning:
                GeminiReplyParts.WriteText(writer, reasoning.Text, true, GeminiSignatures.Wrap(reasoning.Signature, reasoning.Encrypted, reasoning.Id, reasoning.Origin));
                break;
            case ToolCallPart call:
                GeminiReplyParts.WriteCall(writer, call.Id.Length > 0 ? call.Id : CallIds.Make(place, 0, call.Name), call.Name, call.Arguments, signature);
                break;
            case ImagePart image:
                GeminiReplyParts.WriteMedia(writer, image.Source, "image/png", signature);
                break;
            case AudioPart { Source: { Data: null, Url: null } } audio:
                if (audio.Transcript is { Length: > 0 } transcript)
                    GeminiReplyParts.WriteText(writer, transcript, false, signature);
                break;
            case AudioPart audio:
                GeminiReplyParts.WriteMedia(writer, audio.Source, GeminiMedia.AudioType(audio.Format), signature);
                break;
            case VideoPart video:
                GeminiReplyParts.WriteMedia(writer, video.Source, "video/mp4", signature);
                break;
            case DocumentPart { Text: null } document:
                GeminiReplyParts.WriteMedia(writer, document.Source, "application/octet-stream", signature);
                break;
            case OpaquePart { Whole.Origin: Operation.GenerateContent } opaque:
                opaque.Whole.Value.WriteTo(writer);
                break;
        }
    }
}
