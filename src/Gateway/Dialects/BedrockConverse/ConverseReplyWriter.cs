using System.Buffers;
using System.Text.Json;
using Gateway.Metering;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.BedrockConverse;

/// <summary>Writes a whole Converse reply. The wire has one answer; others are left out.</summary>
internal static class ConverseReplyWriter
{
    /// <summary>The path of the model's own members and a dot.</summary>
    public const string FieldsPrefix = "additionalModelResponseFields.";

    /// <inheritdoc cref="IChatCodec.WriteReply"/>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        var choice = reply.Choices[0];
        using var writer = WireJson.Writer(output);
        writer.WriteStartObject();
        writer.WriteStartObject("output"u8);
        writer.WriteStartObject("message"u8);
        writer.WriteString("role"u8, "assistant"u8);
        writer.WriteStartArray("content"u8);
        WriteParts(writer, choice.Parts, envelope);
        writer.WriteEndArray();
        writer.WriteEndObject();
        writer.WriteEndObject();

        writer.WriteString("stopReason"u8, ConverseFinish.Write(choice.Finish, choice.StopSequence));
        ConverseUsage.Write(writer, reply.Usage ?? default(TokenUsage));
        if (!reply.Extras.Exists(extra => extra is { Origin: Operation.Converse, Path: "metrics" }))
            WriteMetrics(writer);
        if (choice.StopSequence is not null || ConverseExtras.Any(reply.Extras, FieldsPrefix))
        {
            writer.WriteStartObject("additionalModelResponseFields"u8);
            if (choice.StopSequence is { } stop)
                writer.WriteText("stop_sequence"u8, stop);
            ConverseExtras.Write(writer, reply.Extras, FieldsPrefix);
            writer.WriteEndObject();
        }

        if (reply.ServiceTier is "priority" or "default" or "flex" or "reserved")
        {
            writer.WriteStartObject("serviceTier"u8);
            writer.WriteString("type"u8, reply.ServiceTier);
            writer.WriteEndObject();
        }

        ConverseExtras.Write(writer, reply.Extras, "");
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>metrics</c>, which clients require; how long the provider took is not known.</summary>
    public static void WriteMetrics(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("metrics"u8);
        writer.WriteNumber("latencyMs"u8, 0);
        writer.WriteEndObject();
    }

    private static void WriteParts(Utf8JsonWriter writer, List<ContentPart> parts, ReplyEnvelope envelope)
    {
        var calls = 0;
        foreach (var part in parts)
        {
            switch (part)
            {
                case TextPart { Citations.IsMissing: false, CitationsOrigin: Operation.Converse } text:
                    ConverseBlocks.CitedText(writer, text);
                    break;
                case TextPart { Text.Length: > 0 } text:
                    ConverseBlocks.Text(writer, text.Text);
                    break;
                case RefusalPart { Text.Length: > 0 } refusal:
                    ConverseBlocks.Text(writer, refusal.Text);
                    break;
                case ReasoningPart reasoning:
                    ConverseBlocks.ReasoningForClient(writer, reasoning);
                    break;
                case ToolCallPart call:
                    ConverseBlocks.ToolUse(writer, call.Id.Length > 0 ? call.Id : MadeId(envelope, calls), call);
                    calls++;
                    break;
                case ImagePart { Source.Data: not null } image when ConverseFormats.Image(image.Source) is { } format:
                    ConverseBlocks.Media(writer, "image"u8, format, image.Source, image.Extras);
                    break;
                case AudioPart { Source.Data: not null } audio when ConverseFormats.Audio(audio.Source, audio.Format) is { } format:
                    ConverseBlocks.Media(writer, "audio"u8, format, audio.Source, audio.Extras);
                    break;
                case AudioPart { Transcript.Length: > 0 } audio:
                    ConverseBlocks.Text(writer, audio.Transcript);
                    break;
                case OpaquePart { Whole.Origin: Operation.Converse } opaque:
                    opaque.Whole.Value.WriteTo(writer);
                    break;
            }
        }
    }

    /// <summary>The id of a call whose wire has none.</summary>
    public static string MadeId(ReplyEnvelope envelope, int index) => $"tooluse_{envelope.RequestId}_{index}";
}
