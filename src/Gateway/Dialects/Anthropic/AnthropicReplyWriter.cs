using System.Buffers;
using System.Text.Json;
using Gateway.Protocol;
using Gateway.Protocol.Parts;

namespace Gateway.Dialects.Anthropic;

/// <summary>Writes a whole reply to a client.</summary>
internal static class AnthropicReplyWriter
{
    /// <summary>Writes the body. This wire has one answer: the first.</summary>
    public static void Write(IBufferWriter<byte> output, ChatReply reply, ReplyEnvelope envelope)
    {
        using var json = WireJson.Writer(output);
        var choice = reply.Choices.Count > 0 ? reply.Choices[0] : new ChatChoice();
        json.WriteStartObject();
        json.WriteText("id"u8, MessageId(reply.Id, envelope));
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteText("model"u8, reply.Model ?? envelope.Model);
        json.WriteStartArray("content"u8);
        var calls = 0;
        var refused = false;
        foreach (var part in choice.Parts)
        {
            refused |= part is RefusalPart;
            WritePart(json, part, envelope, ref calls);
        }

        json.WriteEndArray();
        json.WriteString("stop_reason"u8, AnthropicStop.Write(choice.Finish, choice.StopSequence, calls > 0, refused));
        if (choice.StopSequence is null)
            json.WriteNull("stop_sequence"u8);
        else
            json.WriteText("stop_sequence"u8, choice.StopSequence);
        WriteUsage(json, reply);
        foreach (var extra in reply.Extras)
        {
            if (extra.Origin == Operation.Messages && extra.Path == extra.Name)
                AnthropicExtras.WriteOne(json, extra);
        }

        json.WriteEndObject();
    }

    /// <summary>The message's id: the provider's where it is of this wire's form, otherwise one of ours.</summary>
    public static string MessageId(string? id, ReplyEnvelope envelope) =>
        id?.StartsWith("msg_", StringComparison.Ordinal) == true ? id : $"msg_{envelope.RequestId}";

    /// <summary>The id of a tool call as this wire has them.</summary>
    /// <param name="id">The provider's, or null or empty.</param>
    /// <param name="index">Which call of the answer it is.</param>
    /// <param name="envelope">For an id of ours.</param>
    public static string CallId(string? id, int index, ReplyEnvelope envelope) =>
        string.IsNullOrEmpty(id) ? ToolUseIds.Fit($"toolu_{envelope.RequestId}_{index}") : ToolUseIds.Fit(id);

    private static void WritePart(Utf8JsonWriter json, ContentPart part, ReplyEnvelope envelope, ref int calls)
    {
        switch (part)
        {
            case TextPart { Text.Length: > 0 } text:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteText("text"u8, text.Text);
                if (!text.Citations.IsMissing && text.CitationsOrigin == Operation.Messages)
                    json.WriteRaw("citations"u8, text.Citations);
                AnthropicExtras.Write(json, text.Extras, null);
                json.WriteEndObject();
                break;
            case RefusalPart { Text.Length: > 0 } refusal:
                WriteText(json, refusal.Text);
                break;
            case AudioPart { Transcript: { Length: > 0 } transcript }:
                WriteText(json, transcript);
                break;
            case ReasoningPart reasoning:
                ThinkingBlocks.Write(json, reasoning);
                break;
            case ToolCallPart call:
                json.WriteStartObject();
                json.WriteString("type"u8, "tool_use"u8);
                json.WriteString("id"u8, CallId(call.Id, calls++, envelope));
                json.WriteText("name"u8, call.Name);
                json.WritePropertyName("input"u8);
                BlockWriter.WriteInput(json, call.Arguments);
                AnthropicExtras.Write(json, call.Extras, null);
                json.WriteEndObject();
                break;
            case OpaquePart opaque when opaque.Whole.Origin == Operation.Messages:
                opaque.Whole.Value.WriteTo(json);
                break;
        }
    }

    private static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteText("text"u8, text);
        json.WriteEndObject();
    }

    private static void WriteUsage(Utf8JsonWriter json, ChatReply reply)
    {
        json.WriteStartObject("usage"u8);
        AnthropicUsage.WriteMembers(json, reply.Usage ?? default);
        if (reply.ServiceTier is "standard" or "priority" or "batch")
            json.WriteText("service_tier"u8, reply.ServiceTier);
        AnthropicExtras.WriteInner(json, reply.Extras, "usage");
        json.WriteEndObject();
    }
}
